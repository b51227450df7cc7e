import type { Bus, Served } from '@bytespike/bus';
import { tasks, type ClientFor } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import type { TaskListeners } from './task-listeners.js';

export interface WatchedTasks {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly tasks: Pick<ClientFor<typeof tasks>, 'readMany'>;
  readonly listeners: TaskListeners;
  readonly logger: Pick<Logger, 'warn'>;
  /** How often every task that somebody listens to is asked about, in case a fact about it was lost. */
  readonly everyMs: number;
}

/** Of one question; two hundred tasks are well below what one message may hold. */
const TASKS_PER_QUESTION = 200;
const QUESTION_MS = 5_000;

/** Keeps the listeners of this process informed: by facts as they come, and by a question now and then. */
export async function watchTasks({ bus, tasks: worker, listeners, logger, everyMs }: WatchedTasks): Promise<Served> {
  const hearing = await bus.subscribe(tasks.changed, { mode: 'broadcast' }, async (changes) => {
    for (const { task } of changes) listeners.tell(task);
  });
  let isStopped = false;
  let timer = setTimeout(onTime, everyMs);

  async function askAll(): Promise<void> {
    const ids = listeners.taskIds();
    for (let at = 0; at < ids.length && !isStopped; at += TASKS_PER_QUESTION) {
      const signal = AbortSignal.timeout(QUESTION_MS);
      const context = { requestId: ulid(), deadline: Date.now() + QUESTION_MS, signal };
      const { tasks: found } = await worker.readMany({ taskIds: ids.slice(at, at + TASKS_PER_QUESTION) }, context);
      for (const task of found) listeners.tell(task);
    }
  }

  function onTime(): void {
    askAll()
      .catch((thrown: unknown) => {
        logger.warn({ kind: GatewayError.from(thrown).kind }, 'tasks that are listened to could not be asked about');
      })
      .finally(() => {
        if (!isStopped) timer = setTimeout(onTime, everyMs);
      });
  }

  return {
    stop: async (limitMs) => {
      isStopped = true;
      clearTimeout(timer);
      await hearing.stop(limitMs);
    },
  };
}
