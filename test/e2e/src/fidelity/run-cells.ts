import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { accounting } from './capabilities/accounting.js';
import type { Capability } from './capabilities/capability.js';
import { endings } from './capabilities/endings.js';
import { media } from './capabilities/media.js';
import { reasoning } from './capabilities/reasoning.js';
import { settings } from './capabilities/settings.js';
import { tools } from './capabilities/tools.js';
import { words } from './capabilities/words.js';
import { anthropic } from './dialects/anthropic.js';
import type { Dialect } from './dialects/dialect.js';
import { gemini } from './dialects/gemini.js';
import { chat } from './dialects/openai-chat.js';
import { responses } from './dialects/openai-responses.js';
import { Inexpressible } from './neutral.js';
import { openTalk, Refused, Unkept, VendorRefused } from './talk.js';
import { TARGETS, type FidelityTarget } from './targets.js';

const DIALECTS = {
  'anthropic-messages': anthropic,
  'openai-responses': responses,
  'openai-chat': chat,
  'gemini-generate': gemini,
} as const satisfies Record<ProtocolName, Dialect>;

export const CAPABILITIES: readonly Capability[] = [
  ...words,
  ...media,
  ...tools,
  ...reasoning,
  ...settings,
  ...accounting,
  ...endings,
];

/**
 * What became of a capability between one client and one vendor. `loss` is declared in a warning, `refused` in a 400
 * that names the place; `unasked` cannot be said in the client's dialect, and `lacking` the vendor has not got.
 */
export type Verdict =
  | { readonly kind: 'pass' | 'unasked' | 'lacking' }
  | { readonly kind: 'loss' | 'refused'; readonly codes: readonly string[] }
  | { readonly kind: 'fail'; readonly why: string };

export interface Cell {
  readonly client: ProtocolName;
  readonly target: FidelityTarget;
  readonly stream: boolean;
  readonly capability: Capability;
}

export interface JudgedCell extends Cell {
  readonly verdict: Verdict;
}

/** Every client before every vendor wire, streaming and whole, once per capability. */
export const CELLS: readonly Cell[] = PROTOCOL_NAMES.flatMap((client) =>
  TARGETS.flatMap((target) =>
    [true, false].flatMap((stream) => CAPABILITIES.map((capability) => ({ client, target, stream, capability }))),
  ),
);

/** Enough to keep two processors busy, and few enough that nobody's clock runs out. */
const AT_ONCE = 12;

/** Judges every cell against the running platform. */
export async function judgeCells(cells: readonly Cell[]): Promise<readonly JudgedCell[]> {
  const judged: JudgedCell[] = [];
  const queue = cells.entries();
  const work = async (): Promise<void> => {
    for (const [index, cell] of queue) judged[index] = { ...cell, verdict: await judge(cell, index) };
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return judged;
}

async function judge({ client, target, stream, capability }: Cell, index: number): Promise<Verdict> {
  if (target.lacks.includes(capability.name)) return { kind: 'lacking' };
  const talk = openTalk({
    ...{ client: DIALECTS[client], vendor: DIALECTS[target.protocol], model: target.id, stream },
    mark: `ref-${process.pid}-${index}-`,
  });
  try {
    await capability.run(talk);
    return { kind: 'pass' };
  } catch (thrown) {
    if (thrown instanceof Inexpressible) return { kind: 'unasked' };
    if (thrown instanceof VendorRefused) return { kind: 'lacking' };
    const mayLose = (code: string): boolean => capability.mayLose.some((one) => one === code);
    if (thrown instanceof Refused && mayLose(thrown.code)) return { kind: 'refused', codes: [thrown.code] };
    const codes = [...talk.warned].filter(mayLose);
    if (thrown instanceof Unkept && codes.length > 0) return { kind: 'loss', codes };
    const told = talk.warned.size === 0 ? '' : ` (warned of ${[...talk.warned].join(', ')})`;
    return { kind: 'fail', why: `${thrown instanceof Error ? thrown.message : String(thrown)}${told}` };
  }
}
