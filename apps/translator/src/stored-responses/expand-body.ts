import type { Operation } from '@bytespike/contracts';
import type { Loss } from '@bytespike/ir';
import { GatewayError, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { leavesReasoning, replayed, replayedItem } from './replay.js';
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

/** What stands in the place of each item of a request: itself, what it refers to, or `undefined` for what is lost. */
function resolved(body: JsonObject, { chain, holders }: Leaning): readonly (JsonObject | undefined)[] {
  const turns = [...chain.toReversed(), ...holders];
  return inputItems(body.input).map((item) => (isReference(item) ? namedItem(String(item.id), turns) : item));
}

function namedItem(id: string, turns: readonly StoredTurn[]): JsonObject | undefined {
  for (const turn of turns) {
    const found = replayedItem(turn, id);
    if (found !== null) return found;
  }
  return notFound('input', `Item with id '${shown(id)}' not found. It may have expired, or belong to another key.`);
}

const isHere = (item: JsonObject | undefined): item is JsonObject => item !== undefined;

/** The items of a request with references replaced by what they name. Throws `previous-response-not-found`. */
export const resolvedInput = (body: JsonObject, leaning: Leaning): readonly JsonObject[] =>
  resolved(body, leaning).filter(isHere);

export interface Expanded {
  readonly body: JsonObject;
  /** Reasoning that only its vendor's own store could complete. */
  readonly losses: readonly Loss[];
}

/**
 * The same request without a lean: the whole conversation is its input (`instructions` are not inherited), the vendor
 * is asked to keep nothing, and to hand its reasoning over sealed, because what it would keep is what we keep.
 */
export function expandBody(body: JsonObject, leaning: Leaning, operation: Operation): Expanded {
  const { previous_response_id: _previous, ...rest } = body;
  const own = resolved(body, leaning);
  const input = [...leaning.chain.flatMap(replayed), ...own.filter(isHere)];
  const losses = [
    ...(leaning.chain.some(leavesReasoning) ? [lost('previous_response_id')] : []),
    ...own.flatMap((item, index) => (item === undefined ? [lost(`input.${index}`)] : [])),
  ];
  const asked = { ...rest, input };
  if (operation === 'count') return { body: asked, losses };
  return { body: { ...asked, store: false, include: withSealedReasoning(body.include) }, losses };
}

const lost = (path: string): Loss => ({ code: 'L40', path, effect: 'dropped' });

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
