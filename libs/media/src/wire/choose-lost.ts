import type { JsonObject } from '@bytespike/kernel';

import type { LookedUp, LostSubmit } from '../media-vendor.js';

/** One entry of a vendor's list of renders. */
export interface ListedRender {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly item: JsonObject;
}

/**
 * How an entry compares with what was sent: `certain` where it bears something of this submit alone, or shows all that was
 * asked, so that it could be no worse than the lost one; `likely` where it tells too little.
 */
export type Likeness = 'certain' | 'likely' | 'none';

/** Clocks differ, and vendors round to seconds. */
const CLOCK_SLACK_MS = 60_000;

/**
 * The one entry that can be the lost submit. Two candidates, or a list that does not reach back far enough, decide
 * nothing: a render taken for another's is delivered to the wrong customer.
 */
export function chooseLost<Request>(
  rows: readonly ListedRender[],
  { sentAt, arrivedBy, known }: LostSubmit<Request>,
  likenessOf: (item: JsonObject) => Likeness,
  isWhole: boolean,
): LookedUp {
  const since = sentAt - CLOCK_SLACK_MS;
  const candidates = rows
    .filter(({ id, createdAt }) => !known.has(id) && createdAt >= since && createdAt <= arrivedBy + CLOCK_SLACK_MS)
    .map(({ id, item }) => ({ id, likeness: likenessOf(item) }))
    .filter(({ likeness }) => likeness !== 'none');
  const certain = candidates.filter(({ likeness }) => likeness === 'certain');
  const [only, another] = certain.length > 0 ? certain : candidates;
  if (only && !another) return { type: 'found', upstreamId: only.id, isCertain: only.likeness === 'certain' };
  const reachesBack = isWhole || rows.some(({ createdAt }) => createdAt < since);
  return candidates.length === 0 && reachesBack ? { type: 'absent' } : { type: 'unclear' };
}
