import { isJsonObject, tryParseJson } from '@bytespike/kernel';
import type { StreamEvent } from '@bytespike/ir';

import { signatureOf, thoughtSignature } from './reasoning-state.js';
import type { WireDelta, WireToolCallDelta } from './schema.js';

/** A tool call as its fragments have told it so far. */
export interface OpenCall {
  /** The vendor's number of it; some start at 1, some give none. */
  readonly wireIndex: number;
  /** Index of its part. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly kind: 'function' | 'custom';
  readonly argumentsText: string;
  readonly open: boolean;
  /** Its name has not come yet, so its part has not begun. */
  readonly waiting: boolean;
}

export type CallChange =
  | { readonly fault: string }
  | {
      readonly fault?: undefined;
      readonly calls: readonly OpenCall[];
      readonly call: OpenCall;
      /** Whether its part begins with this fragment. */
      readonly begins: boolean;
      /** What its part grows by. */
      grows(index: number): readonly StreamEvent[];
    };

/** The fragments of a delta: in the oldest form there is one call, without a number or an id. */
export function fragmentsOf({ tool_calls: fragments, function_call: legacy }: WireDelta): readonly WireToolCallDelta[] {
  const isLegacy = !fragments?.length && (legacy?.name || legacy?.arguments);
  return isLegacy ? [{ index: 0, function: legacy }] : (fragments ?? []);
}

/** What a call is named that came without an id. */
export const nameOfCall = (responseId: string | null | undefined, number: number): string =>
  `call_${responseId ?? 'unnamed'}_${number}`;

/** Whether the arguments are a whole object, behind which nothing can follow. */
export const isRunnable = ({ kind, waiting, argumentsText }: OpenCall): boolean =>
  !waiting && kind === 'function' && isJsonObject(tryParseJson(argumentsText));

/** Adds one fragment to the call it belongs to, or begins a new one. */
export function continueCall(
  calls: readonly OpenCall[],
  fragment: WireToolCallDelta,
  responseId: string | undefined,
): CallChange {
  const known = findCall(calls, fragment);
  const kind = known?.kind ?? (fragment.custom ? 'custom' : 'function');
  const text = (kind === 'custom' ? fragment.custom?.input : fragment.function?.arguments) ?? '';
  const name = (known?.name || (fragment.custom?.name ?? fragment.function?.name)) ?? '';
  const signature = signatureOf(fragment);
  const signed = (index: number): readonly StreamEvent[] =>
    signature === undefined ? [] : [{ type: 'capsule', index, capsule: thoughtSignature(signature) }];
  const grows = (index: number): readonly StreamEvent[] => [
    ...(text === '' ? [] : [{ type: 'arguments-delta', index, text } as const]),
    ...signed(index),
  ];
  if (!known) {
    const call: OpenCall = {
      wireIndex: fragment.index ?? calls.length,
      index: -1,
      id: fragment.id || nameOfCall(responseId, calls.length),
      name,
      kind,
      argumentsText: text,
      open: name !== '',
      waiting: name === '',
    };
    return { calls: [...calls, call], call, begins: name !== '', grows: name === '' ? () => [] : grows };
  }
  if (!known.open && !known.waiting)
    return text.trim() === ''
      ? { calls, call: known, begins: false, grows: () => [] }
      : { fault: 'Arguments came for a tool call that had ended.' };
  const begins = known.waiting && name !== '';
  const argumentsText = known.argumentsText + text;
  const call = { ...known, name, argumentsText, waiting: name === '', open: name !== '' };
  return {
    calls: calls.map((other) => (other === known ? call : other)),
    call,
    begins,
    grows: (index) =>
      begins
        ? [{ type: 'arguments-delta', index, text: argumentsText }, ...signed(index)]
        : call.waiting
          ? []
          : grows(index),
  };
}

/**
 * By number; without one by id, else the last. A number that comes again with another id after its call was whole
 * is a new call: some vendors number every call 0.
 */
function findCall(calls: readonly OpenCall[], { index, id }: WireToolCallDelta): OpenCall | undefined {
  const byId = id ? calls.findLast((call) => call.id === id) : undefined;
  if (typeof index !== 'number') return byId ?? (id ? undefined : calls.at(-1));
  const numbered = calls.findLast(({ wireIndex }) => wireIndex === index);
  const another = id && numbered && numbered.id !== id && isRunnable(numbered);
  return another ? byId : numbered;
}
