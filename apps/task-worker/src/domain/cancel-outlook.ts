import type { CancelOutlook } from '@bytespike/contracts';

import { isEnded, type Task } from './task.js';
import { wireOf } from './wire-of.js';

/** What its owner may expect of a task that was wished away; undefined for one that has ended. */
export function cancelOutlook(task: Task): CancelOutlook | undefined {
  if (isEnded(task)) return undefined;
  const { state, report } = task;
  if (state === 'settling' || report !== undefined) return 'ending';
  // Before its vendor has taken it, a task that is not taken after all is cancelled.
  return state === 'running' && wireOf(task).cancel.while.length === 0 ? 'unstoppable' : 'asked';
}
