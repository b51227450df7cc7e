import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

import type { Alarm } from '../queues/alarm.js';
import type { Callbacks } from './callbacks.js';

export interface CallbackSweepPorts {
  readonly callbacks: Pick<Callbacks, 'overdue' | 'tell'>;
  readonly alarm: Pick<Alarm, 'wake'>;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** So many are looked at again in one sweep, of many accounts rather than of one. */
const SWEPT_MAX = 500;
/** Without an alarm clock callbacks are told here, so many at once. */
const TOLD_AT_ONCE = 32;
/** While the queue is behind, a callback is put into it once in this time and not by every sweep of every worker. */
const AGAIN_MS = 10_000;

/** Finds callbacks that are due and nobody's, and has them told: by the alarm clock, or without it. */
export async function sweepCallbacks({ callbacks, alarm, now, logger }: CallbackSweepPorts): Promise<void> {
  const overdue = await callbacks.overdue(SWEPT_MAX);
  const again = Math.floor(now() / AGAIN_MS);
  const unnoted: string[] = [];
  await Promise.all(
    overdue.map((taskId) =>
      alarm.wake({ lane: 'callback', taskId, name: `${taskId}-again-${again}`, delayMs: 0 }).catch((error: unknown) => {
        if (unnoted.length === 0)
          logger.warn({ kind: GatewayError.from(error).kind }, 'callbacks are told without an alarm clock');
        unnoted.push(taskId);
      }),
    ),
  );
  await tellAll(unnoted, callbacks);
}

async function tellAll(taskIds: readonly string[], callbacks: Pick<Callbacks, 'tell'>): Promise<void> {
  const waiting = taskIds.values();
  const one = async (): Promise<void> => {
    for (const taskId of waiting) await callbacks.tell(taskId);
  };
  await Promise.all(Array.from({ length: Math.min(TOLD_AT_ONCE, taskIds.length) }, one));
}
