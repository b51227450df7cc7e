import type { Failure } from '@bytespike/contracts';

import type { Outcome } from './outcome.js';
import type { EndState } from './outcome.js';
import type { Change, Task } from './task.js';

export interface Decision {
  readonly end: EndState;
  readonly units?: Outcome['units'];
  readonly failure?: Pick<Failure, 'kind' | 'message'>;
  readonly isAbandoned?: boolean;
}

/** How a task ends is decided here, once; it has ended when the ledger knows. */
export const decided = ({ end, units = {}, failure, isAbandoned }: Decision, now: number): Change => ({
  state: 'settling',
  outcome: { end, units, decidedAt: now, ...(isAbandoned === true && { isAbandoned }) },
  failure: failure && { kind: failure.kind, message: failure.message },
  polls: 0,
  deadlineAt: undefined,
  nextActionAt: now,
});

export const failed = (failure: Pick<Failure, 'kind' | 'message'>, now: number): Change =>
  decided({ end: 'failed', failure }, now);

/** Nobody was told of it, so that nobody misses it. */
export const abandoned = (now: number): Change =>
  decided({ end: 'failed', failure: { kind: 'unavailable', message: 'its submitter left' }, isAbandoned: true }, now);

/** Unwanted before anything was sent: free, whoever would have made it. */
export const withdrawn = (now: number): Change => decided({ end: 'cancelled' }, now);

const NO_VERDICT = { kind: 'upstream-timeout', message: 'The vendor has not said how the render ended.' } as const;

/** Its time is over: free, whatever may come of it at its vendor (contract 0.7). */
export const givenUp = (task: Task, now: number): Change =>
  failed(task.state === 'pending' ? (task.failure ?? NO_VERDICT) : NO_VERDICT, now);
