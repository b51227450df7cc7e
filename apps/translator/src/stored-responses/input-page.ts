import { GatewayError, type JsonObject } from '@bytespike/kernel';

import { listedInput, type StoredTurn } from './stored-turn.js';

export interface AskedPage {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly after?: string | undefined;
}

/** One page of what a turn was asked (protocols 1.2). Throws `invalid-request` for an `after` that is not in it. */
export function inputPage(turn: StoredTurn, { order, limit, after }: AskedPage): JsonObject {
  const listed = listedInput(turn);
  const items = order === 'asc' ? listed : listed.toReversed();
  const start = after === undefined ? 0 : placeOf(items, after) + 1;
  const data = items.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < items.length,
  };
}

function placeOf(items: readonly JsonObject[], id: string): number {
  const place = items.findIndex((item) => item.id === id);
  if (place < 0)
    throw new GatewayError('invalid-request', 'after: does not name an item of this list', {
      details: { param: 'after' },
    });
  return place;
}
