import type { RenderReport } from '@bytespike/contracts';
import { cancelledUnits } from '@bytespike/media';

import { nextAskMs } from './cadence.js';
import { copied } from './after-copy.js';
import { decided, failed } from './decide-end.js';
import type { Moment } from './moment.js';
import { deadlineIn, PATIENCE } from './patience.js';
import { review } from './review.js';
import type { Change, Task } from './task.js';
import { wireOf } from './wire-of.js';

/** What a vendor's word makes of a task. Only a verdict ends it: a question without an answer says nothing (libs/media). */
export function reported(task: Task, report: RenderReport, at: Moment): Change {
  const { now } = at;
  switch (report.state) {
    case 'queued':
    case 'running':
      return underWay(task, report.progress, at);
    case 'succeeded':
      return succeeded(task, report, at);
    case 'failed':
    case 'expired':
      return failed(report.failure, now);
    case 'cancelled':
      return task.cancelRequestedAt === undefined
        ? failed({ kind: 'upstream-transient', message: 'The vendor has stopped the render.' }, now)
        : decided({ end: 'cancelled', units: cancelledUnits(task.shown, report, wireOf(task).cancel) }, now);
    case 'unknown':
      return report.attention === 'operator' ? review(task, 'no-verdict', at) : askAgain(task, at);
  }
}

/** It goes on. What was in review for want of an answer has one; what takes too long stays there. */
function underWay(task: Task, progress: NonNullable<Task['progress']>, at: Moment): Change {
  const { now } = at;
  const seen = Object.keys(progress).length > 0 ? { progress } : {};
  if (task.state !== 'needs_review') return { ...seen, ...askAgain(task, at) };
  if (task.reviewReason === 'no-verdict-in-time') return { ...seen, ...review(task, 'no-verdict-in-time', at) };
  const deadlineAt = deadlineIn(PATIENCE.runningMs, task.createdAt, now);
  return {
    ...seen,
    state: 'running',
    reviewReason: undefined,
    ...askAgain({ ...task, polls: 0, deadlineAt }, at),
    deadlineAt,
  };
}

/** Nobody has said how it ends: the question is put again, until it has been put for long enough. */
export function askAgain(task: Task, at: Moment): Change {
  const { now } = at;
  if (task.state === 'needs_review') return review(task, 'no-verdict', at);
  if (task.deadlineAt !== undefined && now >= task.deadlineAt) return review(task, 'no-verdict-in-time', at);
  const age = { asked: task.polls, ageMs: now - (task.submittedAt ?? now), estimatedSeconds: task.estimatedSeconds };
  const nextActionAt = Math.min(now + nextAskMs(age, at), task.deadlineAt ?? Infinity);
  return { polls: task.polls + 1, nextActionAt };
}

/** It is made: our copies are next, before its vendor drops it. */
function succeeded(task: Task, report: Extract<RenderReport, { state: 'succeeded' }>, at: Moment): Change {
  const { now } = at;
  const copyMs = Math.min(PATIENCE.copyMs, wireOf(task).assets.lifetimeMs);
  const change: Change = {
    state: 'running',
    report,
    assets: report.assets.map((made) => (made.from === 'store' ? made.asset : null)),
    reviewReason: undefined,
    polls: 0,
    deadlineAt: deadlineIn(copyMs, task.createdAt, now),
    nextActionAt: now,
  };
  const made = { ...task, ...change };
  const isWhole = made.assets.every((asset) => asset !== null);
  // What came with the answer has no vendor's id by which anything of it could be fetched later.
  return isWhole || made.upstreamId === undefined ? { ...change, ...copied(made, { areGone: true }, at) } : change;
}
