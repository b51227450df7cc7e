import type { ClientFor, tasks, TaskView } from '@bytespike/contracts';

import { fillAccounting, type AccountingPorts } from '../account-headers.js';
import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import { abortReason, type Exchange } from '../http/exchange.js';
import { startKeepAlive, type KeepAlive } from '../http/keep-alive.js';
import { beginStream } from '../http/stream-answer.js';
import type { Timings } from '../http/timings.js';
import { idHeaders } from '../http/write-answer.js';
import { COMPLETE, type RequestEnd } from '../observe.js';
import { readTaskName } from './read-task-name.js';
import type { TaskListeners } from './task-listeners.js';
import { shapedTask, type TaskShapePorts } from './task-shape.js';

export interface TaskStreamPorts extends AuthenticationPorts, TaskShapePorts {
  readonly tasks: Pick<ClientFor<typeof tasks>, 'read'>;
  readonly billing: AccountingPorts['billing'];
  readonly listeners: TaskListeners;
  readonly timings: Timings;
}

const CONTENT_TYPE = 'text/event-stream; charset=utf-8';
const KEEP_ALIVE = Buffer.from(': keep-alive\n\n');
const ENDED: ReadonlySet<TaskView['state']> = new Set(['completed', 'failed', 'cancelled']);

/**
 * `GET /v1/tasks/stream/{id}` (contract 0.7): a task as it is now, then every change of it, until it has ended. With
 * `Last-Event-ID` what the client has seen is not told again; one that has seen the end is told so, with 204, since a
 * browser would ask for ever. Errors: `task-not-found`, `unavailable`, `concurrency`.
 */
export async function streamTask(exchange: Exchange, ports: TaskStreamPorts): Promise<RequestEnd> {
  const principal = await authenticate(exchange, ports);
  const name = readTaskName({ task_id: exchange.resource }, principal);
  const seen = lastEventId(exchange);
  const news = openNews(exchange, seen, ports);
  // What was made is told with links that open without a key, so whoever listened for long is asked once more who they are.
  const hear = (task: TaskView): void =>
    ENDED.has(task.state) ? void authenticate(exchange, ports).then(() => news.tell(task), news.end) : news.tell(task);
  // Listening begins before the question, so that no change falls between them.
  const unlisten = ports.listeners.add(
    { taskId: exchange.resource, keyId: principal.keyId },
    { hear, close: news.end },
  );
  try {
    const { task } = await ports.tasks.read(name, exchange.context);
    await fillAccounting(exchange, ports);
    const { response } = exchange;
    if (response.destroyed) return { result: abortReason(exchange)?.kind ?? 'cancelled' };
    if (ENDED.has(task.state) && task.version === seen) return answerNothing(exchange);
    beginStream(exchange, 200, [...(exchange.accounting ?? []), 'content-type', CONTENT_TYPE]);
    response.flushHeaders();
    news.begin(task);
    await news.ended;
    return { result: abortReason(exchange)?.kind ?? 'complete' };
  } finally {
    unlisten();
  }
}

interface News {
  /** A task as somebody saw it; what is no news is dropped. */
  tell(task: TaskView): void;
  /** From now on the client is told, first of the task as it is. */
  begin(task: TaskView): void;
  /** Tells nothing more. */
  end(): void;
  readonly ended: Promise<void>;
}

function openNews(exchange: Exchange, seen: number, ports: TaskStreamPorts): News {
  const { request, response, context } = exchange;
  let resolve = (): void => undefined;
  const ended = new Promise<void>((done) => {
    resolve = done;
  });
  let told = seen;
  let newest: TaskView | undefined;
  let isOver = false;
  let keepAlive: KeepAlive | undefined;

  function end(): void {
    isOver = true;
    if (keepAlive) response.end();
    keepAlive?.stop();
    resolve();
  }

  /** Whoever reads slowly is told the newest alone: every event is the whole task. */
  function flush(): void {
    if (!keepAlive || isOver || !newest || newest.version <= told || response.writableNeedDrain) return;
    told = newest.version;
    response.write(
      `id: ${told}\nevent: task.updated\ndata: ${JSON.stringify(shapedTask(newest, 'canonical', ports))}\n\n`,
    );
    keepAlive.restart();
    if (ENDED.has(newest.state)) end();
  }

  function tell(task: TaskView): void {
    if (newest === undefined || task.version > newest.version) newest = task;
    flush();
  }

  function begin(task: TaskView): void {
    const { timings } = ports;
    keepAlive = startKeepAlive(exchange, {
      grammar: { contentType: CONTENT_TYPE, keepAlive: KEEP_ALIVE },
      ...{ timings, begin: () => undefined, mayStandHere: () => !isOver },
    });
    // A number that the task has not reached is not of this task: the client has seen nothing of it.
    if (told > task.version) told = 0;
    tell(task);
    // Whoever asks for the head alone has it now, and a process that is going down tells nobody anything.
    if (request.method === 'HEAD' || isOver) return end();
    response.on('drain', flush);
    // A reader that has stood still for so long, keep-alives and all, is gone.
    response.setTimeout(timings.clientStallMs, () => response.destroy());
    const deadline = setTimeout(end, Math.max(0, context.deadline - Date.now()));
    response.once('close', () => {
      clearTimeout(deadline);
      end();
    });
    context.signal.addEventListener('abort', end, { once: true });
  }

  return { tell, begin, end, ended };
}

/** Zero is before every version. */
function lastEventId({ request }: Exchange): number {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,9}$/.test(id) ? Number(id) : 0;
}

function answerNothing(exchange: Exchange): RequestEnd {
  exchange.response.writeHead(204, [...idHeaders(exchange), ...(exchange.accounting ?? [])]);
  exchange.response.end();
  return COMPLETE;
}
