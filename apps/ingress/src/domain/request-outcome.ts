import type { Failure, Outcome } from '@bytespike/contracts';
import { GatewayError, type ErrorKind } from '@bytespike/kernel';

/** A request that never reached a vendor: it voids its hold. */
export const neverRan = (error: GatewayError): Outcome => ({
  ending: error.kind === 'cancelled' ? 'cancelled' : 'failed',
  usageSource: 'none',
  contentStarted: false,
  deliveredOutput: 0,
  failure: failureFrom(error),
  attempts: [],
});

/** A refusal with the place it is about: of a wrong field, or of what a translation would lose. */
function failureFrom({ kind, message, details }: GatewayError): Failure {
  const place = details?.param ?? details?.path;
  return typeof place === 'string' ? { kind, message, param: place } : { kind, message };
}

/**
 * A call that threw instead of ending: the bus broke, or a handler did. What it used is not known, and what is not
 * known is not charged, even when the client had left.
 */
export function brokenOff(error: GatewayError, answer: { contentSent(): boolean }): Outcome {
  const outcome = neverRan(error);
  return answer.contentSent() ? { ...outcome, ending: 'truncated', contentStarted: true } : outcome;
}

/**
 * The outcome to settle. A client that left pays for what it was given; when it is we who go down, or when a target
 * ended well without having said anything, the caller pays nothing (contract 0.5), so the ending says so.
 */
export function finalOutcome(
  outcome: Outcome,
  answer: { isAnswered(): boolean },
  aborted: GatewayError | undefined,
): Outcome {
  if (outcome.ending === 'complete')
    return answer.isAnswered() ? outcome : failedWith(outcome, new GatewayError('upstream-garbled', 'an empty answer'));
  if (aborted === undefined || aborted.kind === 'cancelled') return outcome;
  return failedWith(outcome, aborted);
}

/** A stream that we ended before its end: why, and how much of it had been passed on by then. */
export interface Cut {
  readonly reason: GatewayError;
  readonly deliveredOutput: number;
}

/** Limits that are the caller's own: who reaches one has ended the answer, and pays for what there is of it (contract 0.5). */
const OWN_LIMITS: ReadonlySet<ErrorKind> = new Set(['insufficient-credit', 'quota-exceeded', 'spend-window']);

/**
 * The outcome of a stream whose hold could not be extended. What had been passed on is charged where the caller's own
 * limit ended it; where the ledger could not answer, it is our failure, and free. It is our count that says how much that
 * was: the adapter's knows nothing of a piece of which a part has been passed on.
 */
export function cutOutcome(outcome: Outcome, { reason, deliveredOutput }: Cut): Outcome {
  if (!OWN_LIMITS.has(reason.kind)) return failedWith(outcome, new GatewayError('unavailable', reason.message));
  return {
    ...outcome,
    ending: 'cut',
    contentStarted: outcome.contentStarted && deliveredOutput > 0,
    deliveredOutput,
    failure: { kind: reason.kind, message: reason.message },
  };
}

const failedWith = (outcome: Outcome, { kind, message }: GatewayError): Outcome => ({
  ...outcome,
  ending: outcome.contentStarted ? 'truncated' : 'failed',
  failure: { kind, message },
});

/** Whether another target may be asked after this outcome. */
export function mayTryNext({ ending, failure }: Outcome): boolean {
  return ending === 'failed' && failure !== undefined && new GatewayError(failure.kind, '').traits.retry !== 'never';
}

/** What the caller is told of an outcome that is not complete. */
export function failureOf({ ending, failure }: Pick<Outcome, 'ending' | 'failure'>): GatewayError {
  if (failure) {
    const { kind, message, retryAfterMs, param } = failure;
    return new GatewayError(kind, message, { retryAfterMs, ...(param !== undefined && { details: { param } }) });
  }
  return ending === 'cancelled'
    ? new GatewayError('cancelled', 'The request was cancelled.')
    : new GatewayError('upstream-transient', 'The vendor ended its answer before its end.');
}
