import { UnknownFault } from './unknown-fault.js';

/** What shall become of a picture or a film: ordered with its prompt, kept with what is rendered of it. */
export interface RenderOrders {
  /** How long the vendor works at it. */
  readonly renderMs?: number;
  /** How long it waits in the vendor's queue before that. */
  readonly queueMs?: number;
  /** The work is not finished before this gate is opened. */
  readonly renderHold?: string;
  /** The work is not begun before this gate is opened. */
  readonly queueHold?: string;
  /** How it ends: `failed`, `filtered`, `empty`, `blocked` at once, or a last word of the vendor's own, known or not. */
  readonly outcome?: string;
  /** The status word shown until it ends, where the vendor has status words. */
  readonly runningWord?: string;
  /** How many pieces come of it, whatever was asked for. */
  readonly samples?: number;
  /** How many of several pieces fail alone, the last ones. */
  readonly itemErrors?: number;
  /** The size of every file. */
  readonly assetBytes?: number;
  /** How long its address is good for. */
  readonly assetTtlMs?: number;
  /** How many half-done pictures a stream shows, whatever was asked for. */
  readonly partials?: number;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const ASSET_BYTES_MAX = 4 * 1024 ** 3;

const bytes = (argument: string): number => {
  const [, digits = '', unit = ''] = /^(\d+)([kmg]?)b?$/i.exec(argument) ?? [];
  const size = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  if (digits === '' || size > ASSET_BYTES_MAX) throw new UnknownFault(`"${argument}" is not a size up to 4g`);
  return size;
};

const count = (argument: string): number => {
  if (!/^\d{1,12}$/.test(argument)) throw new UnknownFault(`"${argument}" is not a count`);
  return Number(argument);
};

const name = (argument: string): string => {
  if (argument === '') throw new UnknownFault('a name is missing after "="');
  return argument;
};

/** How each order is read in a fault mark. */
export const ORDER_READERS: Readonly<Record<string, (argument: string) => RenderOrders>> = {
  'render-ms': (argument) => ({ renderMs: count(argument) }),
  'queue-ms': (argument) => ({ queueMs: count(argument) }),
  'render-hold': (argument) => ({ renderHold: name(argument) }),
  'queue-hold': (argument) => ({ queueHold: name(argument) }),
  outcome: (argument) => ({ outcome: name(argument) }),
  'running-word': (argument) => ({ runningWord: name(argument) }),
  samples: (argument) => ({ samples: count(argument) }),
  'item-errors': (argument) => ({ itemErrors: count(argument) }),
  'asset-bytes': (argument) => ({ assetBytes: bytes(argument) }),
  'asset-ttl-ms': (argument) => ({ assetTtlMs: count(argument) }),
  partials: (argument) => ({ partials: count(argument) }),
};

const ORDER_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(ORDER_READERS).map((word) => word.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase())),
);

/** Whether a field of a plan is an order. */
export const isOrder = (field: string): boolean => ORDER_FIELDS.has(field);
