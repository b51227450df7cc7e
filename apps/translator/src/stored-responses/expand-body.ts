import type { Operation } from '@bytespike/contracts';
import { GatewayError, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { replayed, replayedItem } from './replay.js';
import { inputItems, isReference, isStoredId, type StoredTurn } from './stored-turn.js';

/** Ids of stored items that a request refers to. Throws for one that cannot have been stored. */
export function referencedIds(body: JsonObject): readonly string[] {
  return inputItems(body.input)
    .filter(isReference)
    .map(({ id }) => (isStoredId(id) ? id : notFound('input', `Item with id '${shown(id)}' not found.`)));
}

/** What a request leans on, as found in the store. */
export interface Leaning {
  /** The turns up to the previous response, oldest first. */
  readonly chain: readonly StoredTurn[];
  /** Turns that hold referenced items, newest first. */
  readonly holders: readonly StoredTurn[];
}

/** The items of a request with references replaced by what they name. Throws `previous-response-not-found`. */
export const resolvedInput = (body: JsonObject, { chain, holders }: Leaning): readonly JsonObject[] =>
  inputItems(body.input).flatMap((item) => {
    if (!isReference(item)) return [item];
    const id = String(item.id);
    for (const turn of [...chain.toReversed(), ...holders]) {
      const found = replayedItem(turn, id);
      if (found !== null) return found === undefined ? [] : [found];
    }
    return notFound('input', `Item with id '${shown(id)}' not found. It may have expired, or belong to another key.`);
  });

/**
 * The same request without a lean: the whole conversation is its input (`instructions` are not inherited), the vendor
 * is asked to keep nothing, and to hand its reasoning over sealed, because what it would keep is what we keep.
 */
export function expandBody(body: JsonObject, leaning: Leaning, operation: Operation): JsonObject {
  const { previous_response_id: _previous, ...rest } = body;
  const input = [...leaning.chain.flatMap(replayed), ...resolvedInput(body, leaning)];
  if (operation === 'count') return { ...rest, input };
  return { ...rest, input, store: false, include: withSealedReasoning(body.include) };
}

const SEALED_REASONING = 'reasoning.encrypted_content';

function withSealedReasoning(include: JsonValue | undefined): readonly JsonValue[] {
  const asked: readonly JsonValue[] = Array.isArray(include) ? (include as readonly JsonValue[]) : [];
  return asked.includes(SEALED_REASONING) ? asked : [...asked, SEALED_REASONING];
}

/** Unknown, expired and foreign are one answer, so that nobody learns what another key has. */
export function notFound(param: 'previous_response_id' | 'input', message: string): never {
  throw new GatewayError('previous-response-not-found', message, { details: { param } });
}

export const shown = (id: unknown): string => (isStoredId(id) ? id : '?');
