import type { CallContext } from '@bytespike/contracts';

import type { Task } from '../domain/task.js';

const NEVER = new AbortController().signal;

/** Of a call about a task: its own name is the request's, here and at everybody it asks. */
export const callContext = (task: Pick<Task, 'id'>, lastsMs: number, signal: AbortSignal = NEVER): CallContext => ({
  requestId: task.id,
  deadline: Date.now() + lastsMs,
  signal,
});
