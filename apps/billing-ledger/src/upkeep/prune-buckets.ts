import type { LedgerStore } from '../store/ledger-store.js';

/** Small enough that nobody waits for it. */
const STEP = 1_000;

/** What is left after so many steps waits for the next round. */
const STEPS_MAX = 100;

/** Removes the buckets that have long left their spans, step by step. */
export async function pruneBuckets(store: Pick<LedgerStore, 'pruneSpend'>): Promise<void> {
  for (let steps = 0; steps < STEPS_MAX; steps += 1) if ((await store.pruneSpend(STEP)) < STEP) return;
}
