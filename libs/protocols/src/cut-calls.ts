import type { Finish } from '@bytespike/ir';

/**
 * Whether an end may have come in the middle of a call. What has come of the arguments is then all there is of them: a
 * call of which nothing has come has not been made without arguments, and half of one is no broken one (protocols 2.9).
 */
export const cutsCalls = ({ reason }: Pick<Finish, 'reason'>): boolean =>
  reason === 'length' || reason === 'context-window' || reason === 'refusal';

/** Whether a call may be broken without its vendor having garbled it. One that has paused was not made yet. */
export const mayBreakCalls = (finish: Pick<Finish, 'reason'>): boolean =>
  cutsCalls(finish) || finish.reason === 'pause';
