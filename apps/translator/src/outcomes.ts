import type { Outcome } from '@bytespike/contracts';
import { addUsage } from '@bytespike/kernel';

/** Whether the client has been sent anything of an answer. */
export type Sent = 'sent' | 'unsent';

/** Calls that gave nothing. */
export const failuresIn = (outcome: Outcome | undefined): number =>
  (outcome?.attempts ?? []).filter(({ kind }) => kind !== undefined).length;

/** What came of a call that was made in the place of one that failed. */
export const inPlaceOf = (failed: Outcome, outcome: Outcome): Outcome => ({
  ...outcome,
  attempts: [...failed.attempts, ...outcome.attempts],
});

/**
 * The rounds of one answer as one outcome: it ended as the last of them did, and its vendor is owed for all. For a
 * client that was sent nothing, nothing had begun.
 */
export function joinRounds(earlier: Outcome, last: Outcome, sent: Sent): Outcome {
  const { usage: lastUsage, ...ended } = last;
  const usage = earlier.usage && lastUsage ? addUsage(earlier.usage, lastUsage) : (lastUsage ?? earlier.usage);
  const quarantined = earlier.quarantined === true || last.quarantined === true;
  return {
    ...ended,
    // What failed costs nothing, whatever it had used until then.
    ...(last.ending !== 'failed' && usage && { usage }),
    ...(quarantined && { quarantined }),
    usageSource: earlier.usageSource === 'vendor' ? last.usageSource : earlier.usageSource,
    contentStarted: last.contentStarted || (sent === 'sent' && earlier.contentStarted),
    deliveredOutput: last.deliveredOutput + (sent === 'sent' ? earlier.deliveredOutput : 0),
    attempts: [...earlier.attempts, ...last.attempts],
  };
}

/** A client that left while its vendor paused. */
export function cancelledBetween(outcome: Outcome, sent: Sent): Outcome {
  const { finish: _finish, ...rest } = outcome;
  return {
    ...rest,
    ending: 'cancelled',
    contentStarted: sent === 'sent' && outcome.contentStarted,
    deliveredOutput: sent === 'sent' ? outcome.deliveredOutput : 0,
  };
}
