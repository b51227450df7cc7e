import type { Task } from './task.js';

/**
 * Work of one kind waits for work of its kind alone: a copy of a gigabyte keeps no submit waiting, and pictures, which come
 * with the answer of their submit some minutes later, keep no film waiting.
 */
export const LANES = ['submit', 'draw', 'poll', 'fetch', 'settle'] as const;
export type Lane = (typeof LANES)[number];

/** As much of a task as says where it waits. */
export interface Placed extends Pick<Task, 'state' | 'kind'> {
  readonly hasReport: boolean;
}

/** Where a task that has not ended waits for whoever looks at it next. */
export function laneOf({ state, kind, hasReport }: Placed): Lane {
  if (state === 'settling') return 'settle';
  if (state === 'running') return hasReport ? 'fetch' : 'poll';
  if (state === 'needs_review') return 'poll';
  return state === 'pending' && kind === 'image' ? 'draw' : 'submit';
}
