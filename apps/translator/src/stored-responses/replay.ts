import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { listedInput, type StoredTurn } from './stored-turn.js';

/**
 * A turn as the next request brings it. Reasoning that only its vendor's own store could complete is left out, and
 * with it the ids of what came of it: a vendor asks for the reasoning of an item whose id it knows, but takes the same
 * item without one (protocols 2.6).
 */
export function replayed({ input, output }: StoredTurn): readonly JsonObject[] {
  const said = output.filter(isSelfContained);
  return [...input, ...(said.length === output.length ? said : said.map(withoutId))];
}

/** Whether something of a turn cannot be brought along. */
export const leavesReasoning = ({ output }: StoredTurn): boolean => !output.every(isSelfContained);

/** The item of that id as a request may hold it: `undefined` where it cannot be replayed, `null` where it is not. */
export function replayedItem(turn: StoredTurn, id: string): JsonObject | null | undefined {
  const asked = listedInput(turn).findIndex((item) => item.id === id);
  if (asked >= 0) return turn.input[asked];
  const at = turn.output.findIndex((item) => item.id === id);
  const item = turn.output[at];
  if (!item) return null;
  if (!isSelfContained(item)) return undefined;
  return leavesReasoning(turn) ? withoutId(item) : item;
}

/** Reasoning without its sealed form, and without the whole text in the open, is a pointer into a vendor's store. */
const isSelfContained = (item: JsonObject): boolean =>
  item.type !== 'reasoning' || typeof item.encrypted_content === 'string' || hasText(item.content);

const hasText = (content: unknown): boolean =>
  Array.isArray(content) && content.some((part) => isJsonObject(part) && typeof part.text === 'string');

const withoutId = ({ id: _id, ...item }: JsonObject): JsonObject => item;
