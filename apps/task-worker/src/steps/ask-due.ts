import type { RenderReport } from '@bytespike/contracts';
import { createGroupCommit, type GroupCommit } from '@bytespike/database';
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
import { breakOff, takeStep } from './work-on-task.js';

/** Renders that are taken up at once: a page of a vendor's list, and one statement. */
const TAKEN_MAX = 50;
/** What is due so soon is asked about now. */
const SOON_MS = 250;
/** Answers that come within so long are written together. */
const LINGER_MS = 20;

/**
 * Asks about whatever renders are due, many at once: thousands of them must not cost a lease, a write and a wake each.
 * Whoever takes up as many as may be has the rest seen to by somebody else meanwhile.
 */
export async function askDue(ports: WorkPorts): Promise<void> {
  const { now } = ports.moment();
  const taken = await ports.store.claimRenders({ dueBy: now + SOON_MS, leaseMs: LEASE_MS, limit: TAKEN_MAX });
  const [first] = taken;
  if (!first) return;
  if (taken.length >= TAKEN_MAX)
    await ports.alarm
      .wake({ lane: 'poll', taskId: first.id, name: `poll-more-${first.id}-${String(first.fence)}`, delayMs: 0 })
      .catch((error: unknown) => ports.logger.warn({ kind: GatewayError.from(error).kind }, 'a wake was not noted'));
  const lease = keepLeases(taken, ports);
  const unchanged = postponements(ports);
  try {
    const special = taken.filter((task) => !isUsual(task, now));
    const usual = taken.filter((task) => isUsual(task, now));
    const groups = byCredential(usual).map((group) => askGroup(group, unchanged, ports));
    await Promise.all([...groups, ...special.map((task) => takeStep(task, ports))]);
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

type Postponements = GroupCommit<Task, true>;

/** Renders that go on as they were are written together as they are told of: one that takes long keeps no other waiting. */
const postponements = ({ store }: WorkPorts): Postponements =>
  createGroupCommit({
    commit: async (tasks) => {
      await store.postpone(tasks);
      return tasks.map(() => true as const);
    },
    ...{ batchMax: TAKEN_MAX, waitingMax: 2 * TAKEN_MAX, lingerMs: () => LINGER_MS, mayIsolate: () => false },
  });

type Reports = Readonly<Record<string, RenderReport>>;

async function askGroup(group: readonly Task[], unchanged: Postponements, ports: WorkPorts): Promise<void> {
  const listed = Promise.resolve().then(() => (canAskMany(group) ? askMany(group, ports) : {}));
  await Promise.all(group.map((task) => askAndNote(task, { listed, unchanged }, ports)));
}

interface Shared {
  /** What a list says of the group; undefined when it could not be asked. */
  readonly listed: Promise<Reports | undefined>;
  readonly unchanged: Postponements;
}

/** One whose question or answer breaks is given back, and breaks no other. */
async function askAndNote(task: Task, { listed, unchanged }: Shared, ports: WorkPorts): Promise<void> {
  try {
    const reports = await listed;
    // What a list does not name it may have forgotten: that is for a question about it alone.
    const report = reports?.[task.upstreamId ?? ''] ?? (reports ? await askOne(task, ports) : undefined);
    const change = report ? reported(task, report, ports.moment()) : askAgain(task, ports.moment());
    const asked = { ...task, ...change };
    if (isNews(task, asked)) await save(task, change, ports);
    else {
      await unchanged.submit(asked);
      await arrange(asked, ports);
    }
    metrics.taskSteps.inc({ step: 'ask', result: 'done' });
  } catch (error) {
    await breakOff(task, { step: 'ask', error }, ports);
  }
}

const isNews = (before: Task, asked: Task): boolean =>
  asked.state !== 'running' || asked.report !== undefined || !looksAlike(before, asked);
