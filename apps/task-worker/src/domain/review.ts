import { leisureMs } from './cadence.js';
import type { Moment } from './moment.js';
import { deadlineIn, PATIENCE } from './patience.js';
import type { Change, Task } from './task.js';
import { wireOf } from './wire-of.js';

/** Why a vendor's verdict cannot be had. For operators; users see the task running. */
export type ReviewReason =
  /** A submit whose answer was lost, at a vendor that cannot be asked, or cannot tell. */
  | 'lost-submit'
  /** It goes on, or nobody answers, for longer than any render takes. */
  | 'no-verdict-in-time'
  /** The vendor's answers are none: our credential is refused, the render is not known there, a word nobody knows. */
  | 'no-verdict';

/** A task waits for an operator, and goes on being asked about meanwhile where there is anybody to ask. */
export function review(task: Task, reason: ReviewReason, at: Moment): Change {
  const { now } = at;
  const isKnown = task.state === 'needs_review';
  const deadlineAt = isKnown ? task.deadlineAt : deadlineIn(PATIENCE.reviewMs, task.createdAt, now);
  const canAsk = task.upstreamId !== undefined || wireOf(task).lookUp !== undefined;
  const next = now + leisureMs(at);
  return {
    state: 'needs_review',
    reviewReason: isKnown ? (task.reviewReason ?? reason) : reason,
    polls: isKnown ? task.polls + 1 : 0,
    deadlineAt,
    nextActionAt: canAsk ? Math.min(next, deadlineAt ?? next) : deadlineAt,
  };
}
