import type { NanoUsd } from '@bytespike/kernel';

import type { SettledBucket } from '../store/ledger-store.js';
import { leavesAt } from './spans.js';
import type { CapUse } from './standing.js';

/**
 * When a window has room for an amount, in epoch milliseconds, if nothing else is spent and what is held comes back: with the
 * bucket whose leaving makes room. For more than the whole window affords, when it next frees anything. Undefined where
 * only open holds stand in the way: they end, and nobody knows when.
 */
export function freesAt(use: CapUse, amount: NanoUsd, buckets: readonly SettledBucket[]): number | undefined {
  const { cap, settled } = use;
  if (amount + settled <= cap.limit) return undefined;
  let left = settled;
  for (const bucket of amount > cap.limit ? [] : buckets) {
    left -= bucket.settled;
    if (amount + left <= cap.limit) return leavesAt(cap.span, bucket.at);
  }
  return use.leavesAt;
}
