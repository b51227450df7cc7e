import { GatewayError } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';

import { laneOf } from './domain/lane.js';
import type { Alarm } from './queues/alarm.js';
import type { TaskStore } from './store/task-store.js';

export interface SweepPorts {
  readonly store: Pick<TaskStore, 'overdue'>;
  readonly alarm: Pick<Alarm, 'wake'>;
  /** Looks at a task without an alarm clock. */
  readonly look: (taskId: string) => Promise<void>;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** A wake that is on time is not made up for. */
const GRACE_MS = 2_000;
/** So many are looked at again in one sweep; the oldest first. */
const SWEPT_MAX = 1_000;
/** Without an alarm clock tasks are looked at here, so many at once. */
const LOOKED_AT_ONCE = 16;
/** While a queue is behind, a task is put into it once in this time and not by every sweep of every worker. */
const AGAIN_MS = 10_000;

/**
 * Finds what is due and nobody's, and has it looked at. This one question makes up for a wake that Redis lost, for a worker
 * that died, and for a crash between a row and its wake.
 */
export async function sweep({ store, alarm, look, now, logger }: SweepPorts): Promise<void> {
  const due = await store.overdue(now(), GRACE_MS, SWEPT_MAX);
  if (due.length === 0) return;
  metrics.tasksOverdue.inc(due.length);
  const again = Math.floor(now() / AGAIN_MS);
  const unnoted: string[] = [];
  const wakes = due.map(({ id, fence, ...placed }) => ({
    lane: laneOf(placed),
    taskId: id,
    name: `${id}-${fence}-again-${again}`,
    delayMs: 0,
  }));
  await Promise.all(
    wakes.map((wake) =>
      alarm.wake(wake).catch((error: unknown) => {
        if (unnoted.length === 0)
          logger.warn({ kind: GatewayError.from(error).kind }, 'tasks are looked at without an alarm clock');
        unnoted.push(wake.taskId);
      }),
    ),
  );
  await eachOf(unnoted, look);
  logger.info({ tasks: due.length, withoutAlarm: unnoted.length }, 'tasks that were overdue are looked at');
}

async function eachOf(taskIds: readonly string[], look: (taskId: string) => Promise<void>): Promise<void> {
  const waiting = taskIds.values();
  const one = async (): Promise<void> => {
    for (const taskId of waiting) await look(taskId);
  };
  await Promise.all(Array.from({ length: Math.min(LOOKED_AT_ONCE, taskIds.length) }, one));
}
