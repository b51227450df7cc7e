import type { NanoUsd } from '@bytespike/kernel';

import { retryMs } from './cadence.js';
import type { Moment } from './moment.js';
import type { Outcome } from './outcome.js';
import type { Change, Task } from './task.js';

const ASK_AGAIN = { firstMs: 250, mostMs: 15_000 };

/** The ledger has it. */
export const ended = (outcome: Outcome, cost: NanoUsd, now: number): Change => ({
  state: outcome.end,
  cost,
  endedAt: now,
  nextActionAt: undefined,
  deadlineAt: undefined,
});

/** The ledger has not answered, or does not have it yet. */
export const stated = (task: Task, outcome: Outcome, at: Moment): Change => ({
  outcome,
  polls: task.polls + 1,
  nextActionAt: at.now + retryMs(task.polls, ASK_AGAIN, at),
});
