import { GatewayError } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';

import { laneOf } from './domain/lane.js';
import type { Alarm } from './queues/alarm.js';
import type { StandIn } from './queues/stand-in.js';
import type { TaskStore } from './store/task-store.js';

export interface SweepPorts {
  readonly store: Pick<TaskStore, 'overdue'>;
  readonly alarm: Pick<Alarm, 'wake'>;
  readonly standIn: Pick<StandIn, 'take'>;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** A wake that is on time is not made up for. */
const GRACE_MS = 2_000;
/** So many of one kind of work are looked at again in one sweep; the oldest first. */
const SWEPT_MAX = 1_000;
/** While a queue is behind, a task is put into it once in this time and not by every sweep of every worker. */
const AGAIN_MS = 10_000;

/**
 * Finds what is due and nobody's, and has it looked at. This one question makes up for a wake that Redis lost, for a worker
 * that died, and for a crash between a row and its wake.
 */
export async function sweep({ store, alarm, standIn, now, logger }: SweepPorts): Promise<void> {
  const due = await store.overdue(now(), GRACE_MS, SWEPT_MAX);
  if (due.length === 0) return;
  metrics.tasksOverdue.inc(due.length);
  const again = Math.floor(now() / AGAIN_MS);
  const wakes = due.map(({ id, fence, ...placed }) => {
    const lane = laneOf(placed);
    // Whoever is woken to ask asks about all that are due.
    const name = lane === 'poll' ? `poll-again-${again}` : `${id}-${fence}-again-${again}`;
    return { lane, taskId: id, name, delayMs: 0 };
  });
  const unnoted = new Set<string>();
  await Promise.all(
    [...new Map(wakes.map((wake) => [wake.name, wake])).values()].map((wake) =>
      alarm.wake(wake).catch((error: unknown) => {
        if (unnoted.size === 0)
          logger.warn({ kind: GatewayError.from(error).kind }, 'tasks are looked at without an alarm clock');
        unnoted.add(wake.name);
      }),
    ),
  );
  standIn.take(wakes.filter(({ name }) => unnoted.has(name)));
  logger.info({ tasks: due.length, withoutAlarm: unnoted.size }, 'tasks that were overdue are looked at');
}
