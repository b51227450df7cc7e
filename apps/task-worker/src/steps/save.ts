import { GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';
import { metrics } from '@bytespike/telemetry';

import { broughtAlong } from '../domain/brought-along.js';
import { laneOf, type Lane } from '../domain/lane.js';
import { isEnded, type Change, type Task } from '../domain/task.js';
import { taskView } from '../domain/task-view.js';
import { withChange } from '../domain/with-change.js';
import type { Wake } from '../queues/alarm.js';
import type { WorkPorts } from './ports.js';

/** Writes what a step has made of a task, and sees to it that somebody looks again. A worker that has lost it writes nothing. */
export async function save(task: Task, change: Change, ports: WorkPorts): Promise<void> {
  const changed = withChange(task, change);
  if (isEnded(changed)) return saveEnd(task, changed, ports);
  const written = await ports.store.write(changed);
  if (written) await follow(task, written, ports);
}

async function saveEnd(task: Task, changed: Task, ports: WorkPorts): Promise<void> {
  const written = await ports.store.end(changed);
  if (!written) return;
  reached('task.end.written');
  ports.forget(broughtAlong(task.asked));
  if (written.deliveryId !== undefined) ports.onDelivery(task.id);
  countEnd(written.task);
  announceChange(task, written.task, ports);
}

function countEnd({ targets, kind, state, failure, createdAt, endedAt = createdAt }: Task): void {
  const vendor = targets[0]?.vendor ?? 'none';
  metrics.tasksEnded.inc({ vendor, kind, state, error: state === 'failed' ? (failure?.kind ?? '') : '' });
  if (state === 'completed') metrics.taskSeconds.observe({ vendor, kind }, (endedAt - createdAt) / 1_000);
}

/** What follows from a row that was written: its listeners hear of it, and its next look is arranged. */
export async function follow(before: Task, task: Task, ports: WorkPorts): Promise<void> {
  announceChange(before, task, ports);
  await arrange(task, ports);
}

export function announceChange(before: Task, task: Task, ports: WorkPorts): void {
  if (task.version !== before.version) ports.announce(taskView(task));
}

/** Has somebody look at a task when it is due. A wake that is not noted is the sweeper's business. */
export async function arrange(task: Task, ports: Pick<WorkPorts, 'alarm' | 'moment' | 'logger'>): Promise<void> {
  const { id, state, kind, nextActionAt, report } = task;
  if (nextActionAt === undefined) return;
  const lane = laneOf({ state, kind, hasReport: report !== undefined });
  const wake = { lane, taskId: id, ...wakeOf(task, { lane, nextActionAt, now: ports.moment().now }) };
  await ports.alarm.wake(wake).catch((error: unknown) => {
    ports.logger.warn({ taskId: id, kind: GatewayError.from(error).kind }, 'a wake was not noted');
  });
}

/** Questions that are due within so long share a wake, since whoever is woken asks all that are due. */
const SLOT_MS = 500;
/** A slot that begins sooner may be begun by now. */
const NOTICE_MS = 50;

function wakeOf(
  { id, fence }: Task,
  { lane, nextActionAt, now }: { readonly lane: Lane; readonly nextActionAt: number; readonly now: number },
): Pick<Wake, 'name' | 'delayMs' | 'isShared'> {
  if (lane !== 'poll') return { name: `${id}-${fence}-${nextActionAt}`, delayMs: nextActionAt - now };
  const slot = Math.ceil(Math.max(nextActionAt, now + NOTICE_MS) / SLOT_MS) * SLOT_MS;
  return { name: `poll-${slot}`, delayMs: slot - now, isShared: true };
}
