import type { RenderReport } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';

import { askAgain, reported } from '../domain/after-report.js';
import { nextStep } from '../domain/next-step.js';
import type { Task } from '../domain/task.js';
import { looksAlike } from '../domain/task-view.js';
import { askMany, canAskMany } from './ask-many.js';
import { askOne } from './ask-one.js';
import { keepLeases, LEASE_MS } from './lease.js';
import type { WorkPorts } from './ports.js';
import { arrange, save } from './save.js';
import { takeStep } from './work-on-task.js';

/** Renders that are taken up at once: a page of a vendor's list, and one statement. */
const TAKEN_MAX = 50;
/** What is due so soon is asked about now. */
const SOON_MS = 250;

/**
 * Asks about whatever renders are due, many at once: thousands of them must not cost a lease, a write and a wake each.
 * Whoever takes up as many as may be has the rest seen to by somebody else meanwhile.
 */
export async function askDue(ports: WorkPorts): Promise<void> {
  const { now } = ports.moment();
  const taken = await ports.store.claimRenders({ dueBy: now + SOON_MS, leaseMs: LEASE_MS, limit: TAKEN_MAX });
  const [first] = taken;
  if (!first) return;
  if (taken.length === TAKEN_MAX)
    await ports.alarm
      .wake({ lane: 'poll', taskId: first.id, name: `poll-more-${first.id}-${String(first.fence)}`, delayMs: 0 })
      .catch((error: unknown) => ports.logger.warn({ kind: GatewayError.from(error).kind }, 'a wake was not noted'));
  const lease = keepLeases(taken, ports);
  try {
    const special = taken.filter((task) => !isUsual(task, now));
    const usual = taken.filter((task) => isUsual(task, now));
    await Promise.all([askAll(usual, ports), ...special.map((task) => takeStep(task, ports))]);
  } finally {
    lease.stop();
  }
}

/** Nothing is to be done about it but to ask. */
const isUsual = (task: Task, now: number): boolean =>
  task.state === 'running' && task.cancelRequestedAt === undefined && nextStep(task, now) === 'ask';

/** By what one question may be about. */
function byCredential(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    const name = `${task.targets[0]?.channelId ?? ''} ${task.credentialId ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), task]);
  }
  return [...groups.values()];
}

async function askAll(tasks: readonly Task[], ports: WorkPorts): Promise<void> {
  const told = (await Promise.all(byCredential(tasks).map((group) => askGroup(group, ports)))).flat();
  const at = ports.moment();
  const [same, news] = [[] as Task[], [] as (() => Promise<void>)[]];
  for (const [task, report] of told) {
    const change = report ? reported(task, report, at) : askAgain(task, at);
    const asked = { ...task, ...change };
    const isNews = asked.state !== 'running' || asked.report !== undefined || !looksAlike(task, asked);
    if (isNews) news.push(() => save(task, change, ports));
    else same.push(asked);
  }
  metrics.taskSteps.inc({ step: 'ask', result: 'done' }, told.length);
  await Promise.all([postpone(same, ports), ...news.map((write) => write())]);
}

type Told = readonly [Task, RenderReport | undefined];

async function askGroup(group: readonly Task[], ports: WorkPorts): Promise<readonly Told[]> {
  const reports = canAskMany(group) ? await askMany(group, ports) : {};
  // What a list does not name it may have forgotten: that is for a question about it alone.
  const askAlone = async (task: Task): Promise<Told> => {
    const told = reports?.[task.upstreamId ?? ''];
    return [task, told ?? (reports ? await askOne(task, ports) : undefined)];
  };
  return Promise.all(group.map(askAlone));
}

/** Nothing has changed that anybody can see. */
async function postpone(tasks: readonly Task[], ports: WorkPorts): Promise<void> {
  if (tasks.length === 0) return;
  await ports.store.postpone(tasks);
  for (const task of tasks) await arrange(task, ports);
}
