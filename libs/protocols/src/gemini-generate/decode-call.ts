import type { JsonValue } from '@bytespike/kernel';

import { writeExact } from '../exact-json.js';
import { closeThought, keepState } from './decode-words.js';
import { failed, inTurn, type Decoding, type PartialCall, type Step, type Take } from './decoding.js';
import { addArgument } from './partial-arguments.js';
import type { WireCallPiece } from './schema.js';

function tellCall(state: Decoding, { id, name, signature, args }: PartialCall): Step {
  return inTurn(state, [
    closeThought,
    (current) => keepState(current, signature, 'thought-signature'),
    (current) => {
      const { next: index, calls, responseId } = current;
      const callId = id ?? `call_${responseId ?? 'unnamed'}_${calls}`;
      return [
        { ...current, next: index + 1, wireNext: current.wireNext + 1, calls: calls + 1, open: undefined },
        [
          { type: 'part-start', index, part: { type: 'tool-call', id: callId, name, kind: 'function' } },
          { type: 'arguments-delta', index, text: writeExact(args ?? {}) },
          { type: 'part-end', index },
        ],
      ];
    },
  ]);
}

/** The call that came in pieces, once something else comes: some captures lack its terminator. */
export const closePartial: Take = (state) =>
  state.partial ? tellCall({ ...state, partial: undefined }, state.partial) : [state, []];

/** A call in one piece, or a piece of one (protocols 1.4, argument streaming). */
export function call(state: Decoding, piece: WireCallPiece, signature: string | undefined): Step {
  const { id, name, args, partialArgs, willContinue } = piece;
  const { partial } = state;
  if (!name) {
    if (!partial)
      return Object.keys(piece).length === 0 ? [state, []] : failed(state, 'A tool call came without a name.');
    const grown = grow(partial, partialArgs ?? []);
    if (!grown) return failed(state, 'Pieces of the arguments of a tool call do not fit together.');
    const next = { ...state, partial: { ...grown, signature: grown.signature ?? signature } };
    return willContinue === true || (partialArgs ?? []).length > 0 ? [next, []] : closePartial(next);
  }
  const begun = grow({ id: id ?? undefined, name, signature, args: args as JsonValue | undefined }, partialArgs ?? []);
  if (!begun) return failed(state, 'Pieces of the arguments of a tool call do not fit together.');
  return inTurn(state, [
    closePartial,
    (current) => (willContinue === true ? [{ ...current, partial: begun }, []] : tellCall(current, begun)),
  ]);
}

function grow(partial: PartialCall, pieces: NonNullable<WireCallPiece['partialArgs']>): PartialCall | undefined {
  let { args } = partial;
  for (const piece of pieces) {
    args = addArgument(args, piece);
    if (args === undefined) return undefined;
  }
  return { ...partial, args };
}
