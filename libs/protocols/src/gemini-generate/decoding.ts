import type { JsonValue } from '@bytespike/kernel';
import type { StreamEvent } from '@bytespike/ir';

import type { Ending } from './finish.js';
import type { SaidText } from './grounding-to-ir.js';
import type { WireGrounding, WireRecitation, WireUsage } from './schema.js';

/** A call whose arguments come in pieces; nothing is told of it before it is whole. */
export interface PartialCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly signature: string | undefined;
  readonly args: JsonValue | undefined;
}

export interface Decoding {
  /** Whether neighbouring texts are pieces of one, as in a stream, or parts of their own, as in a whole answer. */
  readonly form: 'stream' | 'whole';
  readonly responseId: string | undefined;
  readonly started: boolean;
  /** Index of the next part, in the hub and on the wire. */
  readonly next: number;
  readonly wireNext: number;
  /** What is being said. */
  readonly open: 'text' | 'thought' | undefined;
  readonly texts: readonly SaidText[];
  readonly calls: number;
  readonly partial: PartialCall | undefined;
  readonly usage: WireUsage | undefined;
  readonly grounding: WireGrounding | undefined;
  /** The works that the answer repeats, in the order they were told. */
  readonly recitations: readonly WireRecitation[];
  readonly ending: { readonly word: string; readonly message: string | undefined } | undefined;
  /** The latest of the tokens with which the vendor would go on. */
  readonly continuation: string | undefined;
  readonly blocked: Ending | undefined;
  readonly ended: boolean;
}

/** The next state, and what is told meanwhile. */
export type Step = readonly [Decoding, readonly StreamEvent[]];
export type Take = (state: Decoding) => Step;

export const failed = (state: Decoding, message: string): Step => [
  { ...state, ended: true },
  [{ type: 'error', kind: 'upstream-garbled', message }],
];

/** Takes one step after the other, up to the first that ends the stream. */
export function inTurn(state: Decoding, takes: readonly Take[]): Step {
  let current = state;
  const events: StreamEvent[] = [];
  for (const take of takes) {
    if (current.ended) break;
    const [next, more] = take(current);
    current = next;
    events.push(...more);
  }
  return [current, events];
}

/** Before anything has come. */
export const startDecoding = (form: Decoding['form']): Decoding => ({
  form,
  responseId: undefined,
  started: false,
  next: 0,
  wireNext: 0,
  open: undefined,
  texts: [],
  calls: 0,
  partial: undefined,
  usage: undefined,
  grounding: undefined,
  recitations: [],
  ending: undefined,
  continuation: undefined,
  blocked: undefined,
  ended: false,
});
