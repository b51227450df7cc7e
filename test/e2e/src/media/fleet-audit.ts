import { balanceAtRest } from '../accounts.js';
import { query, usageOf, verifyLedger } from '../ledger.js';
import { eventually } from '../platform.js';
import type { Listener } from './callbacks.js';
import { WITHOUT_LIST, type Fleet, type TaskRow, type Wished } from './fleet.js';
import { rendersContaining } from './renders.js';
import type { Task } from './tasks.js';

/** What must be empty, and what must add up, once a fleet has come to rest. */
export interface FleetFindings {
  /** Orders that a vendor has taken twice: paid for twice. */
  readonly submittedTwice: readonly string[];
  readonly unended: readonly string[];
  /** Failed, though no vendor had said so. */
  readonly failedForNothing: readonly string[];
  /** Left to an operator, though their vendor could have been asked. */
  readonly reviewedForNothing: readonly string[];
  /** Completed and not charged their price, or charged without having been completed. */
  readonly chargedWrongly: readonly string[];
  /** Ended, and their listener was told nothing, or two different things. */
  readonly toldWrongly: readonly string[];
  /** What was paid in less what was charged, minus what the wallet shows. */
  readonly missing: bigint;
  readonly verified: string;
}

export const FLAWLESS: FleetFindings = {
  ...{ submittedTwice: [], unended: [], failedForNothing: [], reviewedForNothing: [], chargedWrongly: [] },
  ...{ toldWrongly: [], missing: 0n, verified: 'The ledger balances.' },
};

const REST_MS_MAX = 60_000;

/**
 * Lets the day pass after which a task without a verdict ends failed and free (contract 0.7): the deadlines of this fleet's
 * tasks are moved to now, and the worker does the rest.
 */
async function letReviewsLapse({ customer: { accountId } }: Fleet): Promise<void> {
  const review = `account_id = $1 AND state = 'needs_review'`;
  await query(`UPDATE tasks.task SET deadline_at = now(), next_action_at = now() WHERE ${review}`, [accountId]);
  const open = `account_id = $1 AND state NOT IN ('completed', 'failed', 'cancelled')`;
  await eventually(async () => {
    const left = await query(`SELECT id FROM tasks.task WHERE ${open}`, [accountId]);
    return left.length === 0 ? true : undefined;
  }, REST_MS_MAX);
}

/** Lays what was wished for beside the rows, the vendors' books, the ledger, and what the listener was told. */
export async function auditFleet(fleet: Fleet, listener: Listener, paidIn: bigint): Promise<FleetFindings> {
  const reviewed = (await fleet.rows()).flatMap(({ id, state }) => (state === 'needs_review' ? [id] : []));
  await letReviewsLapse(fleet);
  const rows = new Map((await fleet.rows()).map((row) => [row.id, row]));
  const { available } = await balanceAtRest(fleet.customer.key, REST_MS_MAX);
  const usage = await usageOf(fleet.customer.accountId);
  const costs = new Map(usage.map(({ requestId, cost }) => [requestId, cost]));
  const taken = await timesTaken();
  const told = await endsTold(fleet, listener);
  const { code, said } = await verifyLedger();
  const those = (areWrong: (wished: Wished, row: TaskRow | undefined) => boolean): readonly string[] =>
    fleet.wished
      .filter((wished) => areWrong(wished, rows.get(wished.taskId)))
      .map(({ taskId, model }) => `${taskId}, ${model}: ${rows.get(taskId)?.state} ${rows.get(taskId)?.reason ?? ''}`);
  return {
    submittedTwice: those(({ words }) => (taken.get(words) ?? 0) > 1),
    unended: those((_, row) => !ENDS.includes(row?.state ?? '')),
    failedForNothing: those(({ taskId }, row) => row?.state === 'failed' && !reviewed.includes(taskId)),
    reviewedForNothing: those(({ taskId, model }) => reviewed.includes(taskId) && !WITHOUT_LIST.includes(model)),
    chargedWrongly: those(
      ({ taskId, price }, row) => costs.get(taskId) !== (row?.state === 'completed' ? price : undefined),
    ),
    toldWrongly: those(({ taskId }, row) => !isSame(told.get(taskId), row?.state)),
    missing: paidIn - usage.reduce((sum, { cost }) => sum + cost, 0n) - available,
    verified: code === 0 ? (said.trim().split('\n').at(-1) ?? '') : said,
  };
}

const ENDS: readonly string[] = ['completed', 'failed', 'cancelled'];

/** How often each wish was taken, at whichever vendor. */
async function timesTaken(): Promise<ReadonlyMap<string, number>> {
  const taken = new Map<string, number>();
  for (const { prompt } of await rendersContaining('wish ')) {
    const [words] = /wish [0-9a-f-]{36}/.exec(prompt) ?? [];
    if (words !== undefined) taken.set(words, (taken.get(words) ?? 0) + 1);
  }
  return taken;
}

/** By task, how its messages say that it ended, each message once however often it came. */
async function endsTold({ wished }: Fleet, { messages }: Listener): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const read = (): Map<string, Set<string>> => {
    const ends = new Map(wished.map(({ taskId }) => [taskId, new Set<string>()]));
    for (const { body, headers } of messages) {
      const { task_id: taskId, status } = JSON.parse(body) as Task;
      ends.get(taskId)?.add(`${status} ${headers['webhook-id']}`);
    }
    return ends;
  };
  const areTold = async () => ([...read().values()].every(({ size }) => size > 0) ? true : undefined);
  await eventually(areTold, REST_MS_MAX).catch(() => undefined);
  return read();
}

const isSame = (told: ReadonlySet<string> | undefined, state: string | undefined): boolean =>
  told?.size === 1 && [...told].every((one) => one.startsWith(`${state} `));
