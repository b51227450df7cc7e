import { GatewayError } from '@bytespike/kernel';
import { inLinkedSpan, metrics } from '@bytespike/telemetry';

import { abandoned, givenUp, withdrawn } from '../domain/decide-end.js';
import { nextStep, type Step } from '../domain/next-step.js';
import type { Task } from '../domain/task.js';
import { askRender } from './ask-render.js';
import { copyAssets } from './copy-assets.js';
import { keepLease, LEASE_MS } from './lease.js';
import { lookUpRender } from './look-up-render.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';
import { sendRender } from './send-render.js';
import { settleTask } from './settle-task.js';

type StepOf = (task: Task, ports: WorkPorts, signal: AbortSignal) => Promise<void>;

const STEPS: Readonly<Record<Step, StepOf>> = {
  abandon: (task, ports) => save(task, abandoned(ports.moment().now), ports),
  withdraw: (task, ports) => save(task, withdrawn(ports.moment().now), ports),
  'give-up': (task, ports) => save(task, givenUp(task, ports.moment().now), ports),
  send: sendRender,
  'look-up': lookUpRender,
  ask: askRender,
  copy: copyAssets,
  settle: settleTask,
  rest: () => Promise.resolve(),
};

/** A step that broke, by a bug or an outage, is begun again from what the row says. */
const AGAIN_MS = 3_000;

/**
 * Does what a row says must be done next, if it is due and nobody else does. A wake that comes twice finds it taken, or not
 * due; one that never comes is made up for by the sweeper.
 */
export async function workOnTask(taskId: string, ports: WorkPorts): Promise<void> {
  try {
    const task = await ports.store.claim(taskId, ports.moment().now, LEASE_MS);
    if (task) await takeStep(task, ports);
  } catch (error) {
    ports.logger.warn({ taskId, kind: GatewayError.from(error).kind }, 'a task could not be looked at');
  }
}

/** Takes the step that a leased row asks for. Never rejects: what breaks is begun again. */
export async function takeStep(task: Task, ports: WorkPorts): Promise<void> {
  const step = nextStep(task, ports.moment().now);
  const lease = keepLease(task, ports);
  const span = { subject: step, linkedTo: task.traceparent, attributes: { 'bytespike.task.id': task.id } };
  try {
    await inLinkedSpan('task', span, () => STEPS[step](task, ports, lease.signal));
    metrics.taskSteps.inc({ step, result: 'done' });
  } catch (error) {
    await breakOff(task, { step, error }, ports);
  } finally {
    lease.stop();
  }
}

/** Gives a task back whose step broke, by a bug or an outage. Never rejects. */
export async function breakOff(
  task: Task,
  { step, error }: { readonly step: Step; readonly error: unknown },
  { store, moment, logger }: WorkPorts,
): Promise<void> {
  metrics.taskSteps.inc({ step, result: 'broken' });
  logger.warn({ taskId: task.id, step, err: error }, 'a step was broken off');
  await store.release(task, moment().now + AGAIN_MS).catch((why: unknown) => {
    logger.warn({ taskId: task.id, kind: GatewayError.from(why).kind }, 'a lease is left to lapse');
  });
}
