import { earnedUnits } from '@bytespike/media';

import { retryMs } from './cadence.js';
import { decided, failed } from './decide-end.js';
import type { Moment } from './moment.js';
import type { Change, Task } from './task.js';

const COPY_AGAIN = { firstMs: 1_000, mostMs: 60_000 };

/** How a round of copying went for what is still missing. */
export interface CopyRound {
  /** All that is missing can be had no more. */
  readonly areGone: boolean;
}

/** What a task's copies make of it: what was not delivered is not paid for (contract 8.2). */
export function copied(task: Task, { areGone }: CopyRound, at: Moment): Change {
  const { now } = at;
  const { assets, report, deadlineAt } = task;
  const kept = assets.filter((asset) => asset !== null).length;
  const isOver = areGone || (deadlineAt !== undefined && now >= deadlineAt);
  if (kept < assets.length && !isOver)
    return {
      assets,
      polls: task.polls + 1,
      nextActionAt: Math.min(now + retryMs(task.polls, COPY_AGAIN, at), deadlineAt ?? Infinity),
    };
  if (kept === 0 || report?.state !== 'succeeded')
    return { assets, ...failed({ kind: 'upstream-transient', message: 'What was made could not be fetched.' }, now) };
  return { assets, ...decided({ end: 'completed', units: earnedUnits(task.shown, report, kept) }, now) };
}
