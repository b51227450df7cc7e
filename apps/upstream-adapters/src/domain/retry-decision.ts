import { ERROR_KINDS, type ErrorKind } from '@bytespike/kernel';

export type RetryDecision =
  | { readonly next: 'stop' }
  | { readonly next: 'other-credential' }
  /** The same target once more, with whichever credential; `waitMs` comes first. */
  | { readonly next: 'same-target'; readonly waitMs: number };

export interface RetryFacts {
  readonly kind: ErrorKind;
  /** How long the vendor asked to be left alone; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  readonly attemptsLeft: number;
  readonly repeatedTarget: boolean;
  readonly credentialsLeft: boolean;
  /** Milliseconds until nobody waits any more. */
  readonly timeLeftMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** Full jitter below this: long enough to miss a hiccup, short enough that nobody notices. */
const JITTER_MS_MAX = 250;
/** A vendor that wants more patience is left to other targets, or to the client, who is told for how long. */
const RETRY_AFTER_MS_MAX = 2_000;

const STOP = { next: 'stop' } as const;

/** What to do about a failure before the first content, within one target; the error table decides (law 7). */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { kind, retryAfterMs = 0, attemptsLeft, repeatedTarget, credentialsLeft, timeLeftMs, random } = facts;
  if (attemptsLeft <= 0 || timeLeftMs <= JITTER_MS_MAX) return STOP;
  // A rate limit belongs to an account, so another account of the same target is the nearest way out.
  if (kind === 'upstream-rate-limited' || ERROR_KINDS[kind].retry === 'next-credential')
    return credentialsLeft ? { next: 'other-credential' } : STOP;
  if (ERROR_KINDS[kind].retry !== 'same-target' || repeatedTarget) return STOP;
  if (retryAfterMs > RETRY_AFTER_MS_MAX || retryAfterMs + JITTER_MS_MAX >= timeLeftMs) return STOP;
  return { next: 'same-target', waitMs: retryAfterMs + Math.floor(random * JITTER_MS_MAX) };
}
