import type { AnswerStore } from './answer-store.js';

/** More than expire between two passes at any load this is meant for; the next pass takes the rest. */
const BITES_MAX = 100;

/** Removes what has expired, bite by bite. */
export async function sweepExpired(store: Pick<AnswerStore, 'sweep'>): Promise<void> {
  for (let bite = 0; bite < BITES_MAX; bite += 1) if ((await store.sweep()) === 0) return;
}
