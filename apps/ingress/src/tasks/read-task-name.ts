import type { Principal, TaskName } from '@bytespike/contracts';
import { isJsonObject, type JsonValue } from '@bytespike/kernel';
import { invalidParam, OutTaskId } from '@bytespike/media';
import { z } from 'zod';

const Names = z.object({
  task_id: OutTaskId.max(100).nullish(),
  out_task_id: OutTaskId.nullish(),
});

/** Which task a caller means: exactly one of its two names (contract 9.2). Errors: `invalid-request`. */
export function readTaskName(given: JsonValue, { accountId, keyId }: Pick<Principal, 'accountId' | 'keyId'>): TaskName {
  if (!isJsonObject(given)) throw invalidParam('body', 'give a JSON object');
  const { success, data, error } = Names.safeParse(given);
  if (!success) throw invalidParam(String(error.issues[0]?.path[0] ?? 'body'), 'is no name of a task');
  const { task_id: taskId, out_task_id: outTaskId } = data;
  if (typeof taskId === 'string' && typeof outTaskId === 'string')
    throw invalidParam('out_task_id', 'give it or task_id, not both');
  if (typeof taskId === 'string') return { accountId, keyId, taskId };
  if (typeof outTaskId === 'string') return { accountId, keyId, outTaskId };
  throw invalidParam('task_id', 'give it or out_task_id');
}
