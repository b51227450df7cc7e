import { assert, GatewayError, type NanoUsd } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

import { ended, stated } from '../domain/after-settling.js';
import { broughtAlong } from '../domain/brought-along.js';
import type { Outcome } from '../domain/outcome.js';
import type { Task } from '../domain/task.js';
import { usageFact } from '../domain/usage-fact.js';
import { callContext } from './call-context.js';
import type { WorkPorts } from './ports.js';
import { save } from './save.js';

const ANSWER_MS = 5_000;
/** Settling takes a quarter of a second or so, so that most tasks end in the step that states their end. */
const FIRST_LOOKS_MS = [50, 100, 150, 200, 300] as const;
/** What two machines' clocks may differ by; a fact that is repeated too soon changes nothing. */
const CLOCKS_MS = 2_000;
/** A stream that never hands a fact out says nothing of it; then it is repeated for its age, ever more seldom. */
const PATIENCE_MS = 60_000;
const PATIENCE_MS_MAX = 960_000;

/** Tells the ledger how a task ends until it has it, and only then writes the end, with what it cost. */
export async function settleTask(task: Task, ports: WorkPorts): Promise<void> {
  const { outcome } = task;
  assert(outcome, 'a task that is settled has an outcome');
  const isFirst = outcome.statedAt === undefined;
  const told = isFirst ? await state(task, outcome, ports) : outcome;
  const cost = told && (await (isFirst ? lookSoon(task, ports) : costOf(task, ports)));
  if (cost !== undefined) return end(task, told ?? outcome, cost, ports);
  const next = told && !isFirst && (await isLost(task, told, ports)) ? again(told) : (told ?? outcome);
  return save(task, stated(task, next, ports.moment()), ports);
}

/** It is stated anew by whoever looks next. */
const again = ({ statedAt: _, repeat = 0, ...outcome }: Outcome): Outcome => ({ ...outcome, repeat: repeat + 1 });

/** Undefined when the bus did not take it. */
async function state(
  task: Task,
  outcome: Outcome,
  { ledger, moment, logger }: WorkPorts,
): Promise<Outcome | undefined> {
  reached('task.fact.stating');
  try {
    await ledger.state(usageFact(task));
  } catch (error) {
    logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, "a task's end was not stored by the bus");
    return undefined;
  }
  reached('task.fact.stored');
  return { ...outcome, statedAt: moment().now };
}

async function end(task: Task, outcome: Outcome, cost: NanoUsd, ports: WorkPorts): Promise<void> {
  reached('task.fact.settled');
  if (outcome.isAbandoned === true) {
    ports.forget(broughtAlong(task.asked));
    return ports.store.remove(task);
  }
  return save(task, { outcome, ...ended(outcome, cost, ports.moment().now) }, ports);
}

async function lookSoon(task: Task, ports: WorkPorts): Promise<NanoUsd | undefined> {
  for (const pauseMs of FIRST_LOOKS_MS) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const cost = await costOf(task, ports);
    if (cost !== undefined) return cost;
  }
  return undefined;
}

/** What was charged, once the hold has ended; a hold that never was, or lapsed, cost nothing. */
async function costOf(task: Task, { ledger, logger }: WorkPorts): Promise<NanoUsd | undefined> {
  try {
    const receipt = await ledger.readReceipt(
      { accountId: task.accountId, requestId: task.id },
      callContext(task, ANSWER_MS),
    );
    return receipt.outcome === 'running' ? undefined : receipt.total;
  } catch (error) {
    const { kind } = GatewayError.from(error);
    if (kind === 'not-found') return 0n;
    logger.warn({ taskId: task.id, kind }, 'the ledger cannot be asked what a task cost');
    return undefined;
  }
}

/** Whether what the bus has stored will not come to the ledger any more. */
async function isLost(
  task: Task,
  { statedAt, repeat = 0 }: Outcome,
  { ledger, moment, logger }: WorkPorts,
): Promise<boolean> {
  if (statedAt === undefined) return false;
  try {
    const { requestIds, handledUntil } = await ledger.unended(
      { requests: [{ requestId: task.id }] },
      callContext(task, ANSWER_MS),
    );
    if (!requestIds.includes(task.id)) return false;
    if (handledUntil !== undefined && statedAt + CLOCKS_MS < handledUntil) return true;
    return moment().now - statedAt > Math.min(PATIENCE_MS * 2 ** repeat, PATIENCE_MS_MAX);
  } catch (error) {
    logger.warn({ taskId: task.id, kind: GatewayError.from(error).kind }, 'the ledger cannot be asked what has ended');
    return false;
  }
}
