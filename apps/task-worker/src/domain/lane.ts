import type { Task } from './task.js';

/** Work of one kind waits for work of its kind alone: a copy of a gigabyte keeps no submit waiting. */
export const LANES = ['submit', 'poll', 'fetch', 'settle'] as const;
export type Lane = (typeof LANES)[number];

/** As much of a task as says where it waits. */
export interface Placed extends Pick<Task, 'state'> {
  readonly hasReport: boolean;
}

/** Where a task that has not ended waits for whoever looks at it next. */
export function laneOf({ state, hasReport }: Placed): Lane {
  if (state === 'settling') return 'settle';
  if (state === 'running') return hasReport ? 'fetch' : 'poll';
  return state === 'needs_review' ? 'poll' : 'submit';
}
