import type { RenderOrders } from './render-orders.js';
import { ORDER_READERS } from './render-orders.js';
import { UnknownFault } from './unknown-fault.js';

/** What shall go wrong with one answer. Several may be combined. `After` counts frames that went out before. */
export interface FaultPlan extends RenderOrders {
  /** Answer with this status, in the vendor's own error body. */
  readonly status?: number;
  readonly retryAfter?: string;
  /** `error.type` (or the vendor's equivalent) and text of an injected failure. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly errorCode?: string;
  /** Destroy the socket instead of answering. */
  readonly reset?: true;
  /** Never answer. */
  readonly hang?: true;
  /** Wait at a named gate until `POST /_sim/release`. */
  readonly hold?: string;
  /** Wait at the gate in mid-stream instead, after this many frames. */
  readonly holdAfter?: number;
  readonly slowHeadersMs?: number;
  /** Silence between the opening frames and the first content; before the body where there is no stream. */
  readonly slowFirstMs?: number;
  readonly dripMs?: number;
  readonly cutAfter?: number;
  /** Cut inside the text of a frame instead of between two: this many bytes of the whole answer go out. */
  readonly cutBytes?: number;
  readonly stallAfter?: number;
  readonly malformedAfter?: number;
  readonly streamErrorAfter?: number;
  readonly missingTerminator?: true;
  /** Status 200 around an error body. */
  readonly errorBody?: true;
  readonly contentType?: string;
  readonly usage?: GarbledUsage;
  readonly gzip?: true;
  /** Write the answer in pieces of this many bytes, each in a turn of its own. */
  readonly chunkBytes?: number;
  /** Only the first so many identical prompts are struck. */
  readonly times?: number;
  /** Only this vendor is struck: a failover target then answers. */
  readonly only?: string;
  /** What the call asks for takes place all the same, though its answer says otherwise or is never read. */
  readonly accepted?: true;
  /** A file's announced length is this much more than what comes of it, or less. */
  readonly wrongLengthBytes?: number;
}

export const DEFAULT_GATE = 'default';

const GARBLED_USAGES = [
  'negative',
  'fractional',
  'text',
  'huge',
  'zero',
  'inconsistent',
  'reasoning',
  'total',
  'missing',
] as const;
export type GarbledUsage = (typeof GARBLED_USAGES)[number];

type Reader = (argument: string) => Partial<FaultPlan>;

const count = (argument: string, fallback: number): number => {
  if (argument === '') return fallback;
  const value = Number(argument);
  if (!Number.isSafeInteger(value) || value < 0) throw new UnknownFault(`"${argument}" is not a count`);
  return value;
};

const garbledUsage = (argument: string): GarbledUsage => {
  const known = GARBLED_USAGES.find((name) => name === (argument || 'negative'));
  if (known === undefined) throw new UnknownFault(`usage can be ${GARBLED_USAGES.join(', ')}, not "${argument}"`);
  return known;
};

const words = (argument: string): string => argument.replaceAll('_', ' ');

const READERS: Readonly<Record<string, Reader>> = {
  status: (argument) => ({ status: count(argument, 500) }),
  'retry-after': (argument) => ({ retryAfter: argument }),
  type: (argument) => ({ errorType: argument }),
  code: (argument) => ({ errorCode: argument }),
  message: (argument) => ({ errorMessage: words(argument) }),
  reset: () => ({ reset: true }),
  hang: () => ({ hang: true }),
  hold: (argument) => ({ hold: argument || DEFAULT_GATE }),
  'hold-after': (argument) => ({ holdAfter: count(argument, 3) }),
  'slow-headers': (argument) => ({ slowHeadersMs: count(argument, 1000) }),
  'slow-first': (argument) => ({ slowFirstMs: count(argument, 1000) }),
  drip: (argument) => ({ dripMs: count(argument, 100) }),
  cut: (argument) => ({ cutAfter: count(argument, 3) }),
  'cut-bytes': (argument) => ({ cutBytes: count(argument, 100) }),
  stall: (argument) => ({ stallAfter: count(argument, 3) }),
  malformed: (argument) => ({ malformedAfter: count(argument, 3) }),
  'stream-error': (argument) => ({ streamErrorAfter: count(argument, 3) }),
  'no-terminator': () => ({ missingTerminator: true }),
  'error-body': () => ({ errorBody: true }),
  'content-type': (argument) => ({ contentType: argument || 'text/html' }),
  usage: (argument) => ({ usage: garbledUsage(argument) }),
  gzip: () => ({ gzip: true }),
  chunk: (argument) => ({ chunkBytes: Math.max(1, count(argument, 1)) }),
  times: (argument) => ({ times: count(argument, 1) }),
  only: (argument) => ({ only: argument }),
  accepted: () => ({ accepted: true }),
  'wrong-length': (argument) => ({ wrongLengthBytes: Number.parseInt(argument || '1000', 10) }),
  ...ORDER_READERS,
};

const FAULT_NAMES: readonly string[] = Object.keys(READERS);

/** Reads `status=503 retry-after=2` or `cut=3;drip=10` into a plan. */
export const parseFaults = (text: string): FaultPlan => {
  let plan: FaultPlan = {};
  for (const item of text.split(/[;,\s]+/)) {
    if (item === '') continue;
    const equals = item.indexOf('=');
    const name = equals < 0 ? item : item.slice(0, equals);
    const reader = READERS[name];
    if (reader === undefined) throw new UnknownFault(`no fault "${name}"; there are ${FAULT_NAMES.join(', ')}`);
    plan = { ...plan, ...reader(equals < 0 ? '' : item.slice(equals + 1)) };
  }
  return plan;
};

/** Whether a call under this plan does what it asks for: one that is refused, cut off or never answered does not. */
export const isAccepted = (plan: FaultPlan): boolean =>
  plan.accepted === true ||
  (plan.status === undefined &&
    !plan.errorBody &&
    !plan.hang &&
    !(plan.reset && plan.cutAfter === undefined && plan.cutBytes === undefined));
