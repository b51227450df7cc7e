import type { CancelOutlook, ClientFor, tasks } from '@bytespike/contracts';
import { isJsonObject, type JsonValue } from '@bytespike/kernel';
import { invalidParam } from '@bytespike/media';

import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import type { Exchange } from '../http/exchange.js';
import { readTaskBody, rememberTaskBody, taskJsonOf, type TaskBodyPorts } from './read-task-body.js';
import { readTaskName } from './read-task-name.js';
import { shapedTask, type TaskShapePorts } from './task-shape.js';

export interface TaskPorts extends AuthenticationPorts, TaskBodyPorts, TaskShapePorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'read' | 'cancel'>;
}

/** `POST /v1/tasks/query` (contract 9.2). Free. Errors: `invalid-request`, `task-not-found`. */
export async function queryTask(exchange: Exchange, ports: TaskPorts): Promise<object> {
  const principal = await authenticate(exchange, ports);
  const name = readTaskName(taskJsonOf(await readTaskBody(exchange, ports)), principal);
  return shapedTask((await ports.tasks.read(name, exchange.context)).task, 'canonical', ports);
}

/** `GET /v1/tasks/query?task_id=`: the same in the shape of the pages that ask so (contract 9.7). */
export async function queryTaskByAddress(exchange: Exchange, ports: TaskPorts): Promise<object> {
  const principal = await authenticate(exchange, ports);
  const query = new URLSearchParams(exchange.query);
  const named = { task_id: query.get('task_id'), out_task_id: query.get('out_task_id') };
  return shapedTask((await ports.tasks.read(readTaskName(named, principal), exchange.context)).task, 'flat', ports);
}

/** `GET /v1/videos/tasks/{id}`. */
export async function readVideoTask(exchange: Exchange, ports: TaskPorts): Promise<object> {
  const principal = await authenticate(exchange, ports);
  const name = readTaskName({ task_id: exchange.resource }, principal);
  return shapedTask((await ports.tasks.read(name, exchange.context)).task, 'video', ports);
}

/**
 * `POST /v1/tasks/cancel/{id}`, or with a name in its body (contract 9.3). A task that has ended is answered as it is; one that
 * goes on says whether it may still be stopped. Errors as above.
 */
export async function cancelTask(exchange: Exchange, ports: TaskPorts): Promise<object> {
  const principal = await authenticate(exchange, ports);
  const body = await rememberTaskBody(exchange, ports);
  const given = body.length === 0 ? {} : taskJsonOf(body);
  const name = readTaskName(withPath(given, exchange.resource), principal);
  const { task, outlook } = await ports.tasks.cancel(name, exchange.context);
  return { ...shapedTask(task, 'canonical', ports), ...(outlook && OUTLOOKS[outlook]) };
}

/** Said to whoever wishes a task away that goes on (media-ledger-reliability 2.1). */
const OUTLOOKS = {
  asked: { cancellable: true, reason: 'It is stopped if its vendor still can; the task tells how it ends.' },
  unstoppable: { cancellable: false, reason: 'Its vendor cannot stop it. It goes on, and is billed when it is made.' },
  ending: { cancellable: false, reason: 'It is ending already; the task tells how.' },
} as const satisfies Record<CancelOutlook, object>;

/** The id of the address counts before one in the body. */
function withPath(given: JsonValue, taskId: string): JsonValue {
  if (!isJsonObject(given)) throw invalidParam('body', 'give a JSON object');
  return taskId === '' ? given : { ...given, task_id: taskId };
}
