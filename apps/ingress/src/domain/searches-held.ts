import type { Plan } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import type { OfferedSearches } from '@bytespike/protocols';

/** More than any wallet pays for; keeps a caller's absurd number within what can be added up. */
const SEARCH_CALLS_MAX = 1_000_000;

/**
 * How many searches a request is held for: as often as it says itself, else as often as is usual. Only one wire has a word
 * for a bound, so at a target of another it bounds nothing. What a vendor searches beyond is our overrun.
 */
export function searchesHeld({ bounded, usesMax, unbounded }: OfferedSearches, { targets }: Pick<Plan, 'targets'>) {
  const usual = LIMITS.searchCallsUsual;
  const isKept = targets.every(({ protocol }) => protocol === 'anthropic-messages');
  const ofBounded = isKept ? usesMax : Math.max(usesMax, bounded * usual);
  return Math.min(ofBounded + unbounded * usual, SEARCH_CALLS_MAX);
}
