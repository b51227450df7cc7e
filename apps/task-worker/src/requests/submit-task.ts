import { mayHaveArrived } from '@bytespike/bus';
import type { CallContext, Hold, tasks } from '@bytespike/contracts';
import { ERROR_KINDS, GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';
import type { z } from 'zod';

import { broughtAlong } from '../domain/brought-along.js';
import { abandoned } from '../domain/decide-end.js';
import { holdRequest, shownOf } from '../domain/hold-request.js';
import { pendingUntil } from '../domain/next-step.js';
import { PATIENCE } from '../domain/patience.js';
import type { Task } from '../domain/task.js';
import { taskView } from '../domain/task-view.js';
import { usageFact } from '../domain/usage-fact.js';
import { arrange } from '../steps/save.js';
import type { RequestPorts } from './request-ports.js';

type SubmitInput = z.output<(typeof tasks.submit)['input']>;

const AGAIN_MS = 1_000;

/**
 * Takes a task: its row first, then its hold, and both or neither in the end. Whoever submits the same name at the same
 * time finds the row, asks for the same hold and gets the same answer; so does who comes back after a crash in between.
 */
export async function submitTask(
  input: SubmitInput,
  context: CallContext,
  ports: RequestPorts,
): Promise<z.output<(typeof tasks.submit)['output']>> {
  await assertRoom(input, ports);
  const { task, isNew } = await ports.store.insert(await newTask(input, ports));
  if (!isNew && task.inputHash !== input.inputHash)
    throw new GatewayError('conflict', 'A task of this name was submitted with another model or other parameters.', {
      details: { code: 'duplicate_out_task_id', param: 'out_task_id' },
    });
  if (task.outcome?.isAbandoned === true) throw beingWithdrawn();
  if (task.state !== 'admitting') return { task: taskView(task), isNew };
  const { taken, holdBasis } = await admit(task, { input, context }, ports);
  return { task: taskView(taken), isNew, ...(holdBasis !== undefined && { holdBasis }) };
}

/** Whoever repeats a submit makes no task more. */
async function assertRoom({ principal, outTaskId }: SubmitInput, { openTasks, store }: RequestPorts): Promise<void> {
  try {
    await openTasks.assertRoom(principal.accountId);
  } catch (refusal) {
    if (outTaskId === undefined || !(await store.find({ keyId: principal.keyId, outTaskId }))) throw refusal;
  }
}

const beingWithdrawn = (): GatewayError =>
  new GatewayError('unavailable', 'a task of this name is being withdrawn', { retryAfterMs: AGAIN_MS });

async function newTask({ principal, asked, ...input }: SubmitInput, ports: RequestPorts) {
  const { now } = ports.moment();
  const shown = shownOf(asked);
  return {
    id: ports.newTaskId(),
    accountId: principal.accountId,
    keyId: principal.keyId,
    keyHint: principal.keyHint,
    organisationId: principal.organisationId,
    memberId: principal.memberId,
    outTaskId: input.outTaskId,
    inputHash: input.inputHash,
    model: input.model,
    alias: input.alias,
    kind: asked.kind,
    asked,
    shown,
    targets: input.targets,
    mark: ports.newMark(),
    estimatedSeconds: await ports.estimates.expect(input.model, shown, input.estimatedSeconds),
    callbackUrl: input.callbackUrl,
    traceparent: ports.traceparent(),
    createdAt: now,
    nextActionAt: now + PATIENCE.admittingMs,
  };
}

interface Asking {
  readonly input: SubmitInput;
  readonly context: CallContext;
}

interface Admitted {
  readonly taken: Task;
  /** Absent where another has taken it. */
  readonly holdBasis?: string;
}

async function admit(task: Task, { input, context }: Asking, ports: RequestPorts): Promise<Admitted> {
  const held = await hold(task, { input, context }, ports);
  reached('task.hold.answered');
  if (!held) return { taken: await afterOthers(task, ports) };
  const { now } = ports.moment();
  // Whoever waited has been told that nothing came of it, and may have it made again: they must not pay for both.
  if (context.signal.aborted || Date.now() >= context.deadline) throw nobodyWaits();
  const admitted = await ports.store.admit(task.id, {
    estimatedCost: held.amount,
    nextActionAt: now,
    deadlineAt: pendingUntil(task),
  });
  if (!admitted) return { taken: await afterOthers(task, ports), holdBasis: held.basis };
  reached('task.submit.admitted');
  await arrange(admitted, ports);
  return { taken: admitted, holdBasis: held.basis };
}

const nobodyWaits = (): GatewayError =>
  new GatewayError('unavailable', 'the hold came when nobody waited for it any more');

/** Undefined when the hold of this task is over. */
async function hold(
  task: Task,
  { input, context }: Asking,
  { hold, store, forget }: RequestPorts,
): Promise<Pick<Hold, 'amount' | 'basis'> | undefined> {
  try {
    return await hold(holdRequest(task, input.principal), context);
  } catch (error) {
    const { kind } = GatewayError.from(error);
    if (kind === 'conflict') return undefined;
    // Whoever waited has left, or its time was over: no client's fault, and no refusal.
    if (kind === 'cancelled') throw nobodyWaits();
    // A hold that was not answered may be there: whoever submits again goes on with this row, or it ends the hold.
    if (leavesNoHold(error) && (await store.withdraw(task.id))) forget(broughtAlong(task.asked));
    throw error;
  }
}

/** Refused is refused, and what reached nobody is not there. */
const leavesNoHold = (error: unknown): boolean =>
  !mayHaveArrived(error) || ERROR_KINDS[GatewayError.from(error).kind].fault === 'client';

/** Somebody else has taken it into the queue, has ended it, or was refused it, while this hold was asked for. */
async function afterOthers(task: Task, ports: RequestPorts): Promise<Task> {
  const present = await ports.store.find({ keyId: task.keyId, taskId: task.id });
  if (present && present.state !== 'admitting' && present.outcome?.isAbandoned !== true) return present;
  // The hold has no row that would end it.
  if (!present) await ports.ledger.state(usageFact({ ...task, ...abandoned(ports.moment().now) }));
  throw beingWithdrawn();
}
