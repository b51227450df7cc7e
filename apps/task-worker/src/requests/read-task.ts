import type { TaskName } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import type { Task } from '../domain/task.js';
import type { TaskStore } from '../store/task-store.js';

/** A task of the key that asks. One that is still being admitted has been told to nobody, so it is not there yet. */
export async function findTask(
  { accountId, keyId, taskId, outTaskId }: TaskName,
  { store }: { readonly store: Pick<TaskStore, 'find'> },
): Promise<Task> {
  if ((taskId === undefined) === (outTaskId === undefined))
    throw new GatewayError('invalid-request', 'Give exactly one of task_id and out_task_id.');
  const task = await store.find({ keyId, taskId, outTaskId });
  if (!task || task.accountId !== accountId || task.state === 'admitting' || task.outcome?.isAbandoned === true)
    throw new GatewayError('task-not-found', 'There is no such task.');
  return task;
}
