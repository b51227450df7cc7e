import type { Delivery, TaskView } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';

import { AT_ONCE } from './delivery-statements.js';

/** What is told of a task's end to whoever wanted to be told. */
export interface EndedTask {
  readonly taskId: string;
  readonly accountId: string;
  readonly state: Exclude<TaskView['state'], 'pending' | 'running'>;
  /** Absent where nobody wants to be told. */
  readonly callbackUrl: string | undefined;
}

const EVENTS = {
  completed: 'task.completed',
  failed: 'task.failed',
  cancelled: 'task.cancelled',
} as const satisfies Record<EndedTask['state'], Delivery['event']>;

/** A task ends once, so that its message can be named after it: ending it again adds nothing. */
export const deliveryIdOf = (taskId: string): string => `msg_${taskId.replace(/^task_/, '')}`;

const ADD = `
  INSERT INTO tasks.delivery (id, task_id, account_id, url, event, next_attempt_at)
  VALUES ($1, $2, $3, $4, $5, ${AT_ONCE})
  ON CONFLICT (id) DO NOTHING`;

/**
 * Writes the message about a task's end, in the transaction that ends it: neither is there without the other. Returns its
 * id, which whoever has committed may wake the callback queue with; nothing where nobody wants to be told.
 */
export async function addDelivery(client: Pick<Pool, 'query'>, task: EndedTask): Promise<string | undefined> {
  const { taskId, accountId, state, callbackUrl } = task;
  if (callbackUrl === undefined) return undefined;
  const deliveryId = deliveryIdOf(taskId);
  await client.query(ADD, [deliveryId, taskId, accountId, callbackUrl, EVENTS[state]]);
  return deliveryId;
}
