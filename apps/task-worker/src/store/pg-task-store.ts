import { inTransaction, createQuery, isUnreachable, type Pool, type Query } from '@bytespike/database';
import { assert, GatewayError } from '@bytespike/kernel';

import { addDelivery } from '../callbacks/add-delivery.js';
import { isEnded, type EndState, type Task } from '../domain/task.js';
import {
  ADMIT,
  CLAIM,
  CLAIM_RENDERS,
  CLAIM_REVIEW,
  COUNT_BY_STATE,
  COUNT_OPEN,
  FIND,
  FIND_NAMED,
  HAS_OTHER_SENDS,
  INSERT,
  LIST_REVIEWS,
  OLDEST_OPEN,
  OTHER_RENDERS,
  OVERDUE,
  POSTPONE,
  READ_MANY,
  RECENT_SECONDS,
  RELEASE,
  REMOVE,
  RENEW,
  REQUEST_CANCEL,
  WITHDRAW,
  WRITE,
  WRITE_SENT,
} from './statements.js';
import { standingValues, taskOf, type TaskRow } from './task-row.js';
import {
  TaskStore,
  type DueTask,
  type NewTask,
  type Span,
  type TaskCount,
  type TaskQuery,
  type WriteOptions,
} from './task-store.js';

/** As many as are ever told to whoever looks through a vendor's list. */
const OTHER_RENDERS_MAX = 1_000;
/** Twins that are refused, one after the other, each of which had the name for a moment. */
const INSERTS_MAX = 200;
const UNREACHABLE = 'tasks cannot be reached';
const UNIQUE_VIOLATION = '23505';

interface OverdueRow {
  readonly id: string;
  readonly state: Task['state'];
  readonly kind: Task['kind'];
  readonly has_report: boolean;
  readonly next_action_at: Date;
  readonly fence: number;
}

/** The only thing of a task that can be another's is its render. */
const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;

const date = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));

/** Tasks in Postgres. */
export class PgTaskStore extends TaskStore {
  private readonly query: Query;

  constructor(private readonly pool: Pool) {
    super();
    this.query = createQuery(pool, UNREACHABLE);
  }

  override async insert(task: NewTask): Promise<{ task: Task; isNew: boolean }> {
    const values = newValues(task);
    for (let tries = 0; tries < INSERTS_MAX; tries += 1) {
      const inserted = await this.one(INSERT, values);
      if (inserted) return { task: inserted, isNew: true };
      const existing = await this.find({ keyId: task.keyId, outTaskId: task.outTaskId });
      if (existing) return { task: existing, isNew: false };
      // It was refused between the two statements: its name is free again.
    }
    throw new GatewayError('unavailable', 'tasks of this name are being refused');
  }

  override admit(
    taskId: string,
    { estimatedCost, nextActionAt, deadlineAt }: Pick<Task, 'estimatedCost' | 'nextActionAt' | 'deadlineAt'>,
  ): Promise<Task | undefined> {
    return this.one(ADMIT, [taskId, estimatedCost, date(nextActionAt), date(deadlineAt)]);
  }

  override async withdraw(taskId: string): Promise<boolean> {
    return (await this.query(WITHDRAW, [taskId])).rowCount === 1;
  }

  override find({ keyId, taskId, outTaskId }: TaskQuery): Promise<Task | undefined> {
    return taskId === undefined ? this.one(FIND_NAMED, [keyId, outTaskId]) : this.one(FIND, [taskId, keyId]);
  }

  override async readMany(taskIds: readonly string[]): Promise<readonly Task[]> {
    const { rows } = await this.query<TaskRow>(READ_MANY, [taskIds]);
    return rows.map(taskOf);
  }

  override async countOpen(accountId: string): Promise<number> {
    const { rows } = await this.query<{ readonly open: number }>(COUNT_OPEN, [accountId]);
    return rows[0]?.open ?? 0;
  }

  override claim(taskId: string, now: number, leaseMs: number): Promise<Task | undefined> {
    return this.one(CLAIM, [taskId, date(now), leaseMs]);
  }

  override async claimRenders({
    dueBy,
    leaseMs,
    limit,
  }: {
    readonly dueBy: number;
    readonly leaseMs: number;
    readonly limit: number;
  }): Promise<readonly Task[]> {
    const { rows } = await this.query<TaskRow>(CLAIM_RENDERS, [date(dueBy), leaseMs, limit]);
    return rows.map(taskOf);
  }

  override async renew(tasks: readonly Task[], leaseMs: number): Promise<number> {
    const { rowCount } = await this.query(RENEW, [...namesOf(tasks), leaseMs]);
    return rowCount ?? 0;
  }

  override async postpone(tasks: readonly Task[]): Promise<void> {
    const next = [tasks.map(({ polls }) => polls), tasks.map(({ nextActionAt }) => date(nextActionAt))];
    await this.query(POSTPONE, [...namesOf(tasks), ...next]);
  }

  override async release({ id, fence }: Task, nextActionAt: number): Promise<void> {
    await this.query(RELEASE, [id, fence, date(nextActionAt)]);
  }

  override async write(task: Task, { keepLeaseMs }: WriteOptions = {}): Promise<Task | undefined> {
    assert(!isEnded(task), 'an end is written with the message about it');
    try {
      return await this.one(WRITE, writtenValues(task, keepLeaseMs));
    } catch (error) {
      if (isDuplicate(error)) throw new GatewayError('conflict', "The render is another task's.", { cause: error });
      throw error;
    }
  }

  override writeSent(task: Task, sentAt: number): Promise<Task | undefined> {
    return this.one(WRITE_SENT, [...writtenValues(task, undefined), date(sentAt)]);
  }

  override async end(task: Task): Promise<{ task: Task; deliveryId: string | undefined } | undefined> {
    assert(isEnded(task), 'only an end is written with the message about it');
    return this.inTransaction(async (client) => {
      const { rows } = await client.query<TaskRow>({ ...WRITE, values: [...writtenValues(task, undefined)] });
      const [row] = rows;
      if (!row) return undefined;
      const { id: taskId, accountId, callbackUrl } = task;
      const state = task.state as EndState;
      return { task: taskOf(row), deliveryId: await addDelivery(client, { taskId, accountId, state, callbackUrl }) };
    });
  }

  override async remove({ id, fence }: Task): Promise<void> {
    await this.query(REMOVE, [id, fence]);
  }

  override requestCancel(taskId: string, now: number): Promise<Task | undefined> {
    return this.one(REQUEST_CANCEL, [taskId, date(now)]);
  }

  override async overdue(now: number, graceMs: number, limit: number): Promise<readonly DueTask[]> {
    const { rows } = await this.query<OverdueRow>(OVERDUE, [date(now - graceMs), limit]);
    return rows.map(({ id, state, kind, has_report, next_action_at, fence }) => ({
      ...{ id, state, kind, fence },
      hasReport: has_report,
      nextActionAt: next_action_at.getTime(),
    }));
  }

  override async countByState(
    now: number,
    { patienceMs, overdueMs }: { readonly patienceMs: number; readonly overdueMs: number },
  ): Promise<readonly TaskCount[]> {
    const moments = [date(now), date(now - patienceMs), date(now - overdueMs)];
    return (await this.query<TaskCount>(COUNT_BY_STATE, moments)).rows;
  }

  override async oldestOpenMs(now: number): Promise<number> {
    const { rows } = await this.query<{ readonly oldest: Date | null }>(OLDEST_OPEN, []);
    const oldest = rows[0]?.oldest;
    return oldest ? Math.max(0, now - oldest.getTime()) : 0;
  }

  override async recentSeconds(model: string, units: number, limit: number): Promise<readonly number[]> {
    const { rows } = await this.query<{ readonly seconds: number }>(RECENT_SECONDS, [model, String(units), limit]);
    return rows.map(({ seconds }) => seconds);
  }

  override async listReviews(limit: number): Promise<readonly Task[]> {
    const { rows } = await this.query<TaskRow>(LIST_REVIEWS, [limit]);
    return rows.map(taskOf);
  }

  override claimReview(taskId: string, leaseMs: number): Promise<Task | undefined> {
    return this.one(CLAIM_REVIEW, [taskId, leaseMs]);
  }

  override async hasOtherSends({ id }: Task, channelId: string, { since, until }: Span): Promise<boolean> {
    return (await this.query(HAS_OTHER_SENDS, [id, channelId, date(since), date(until)])).rows.length > 0;
  }

  override async otherRenders({ id }: Task, channelId: string, { since, until }: Span): Promise<readonly string[]> {
    const values = [date(since), date(until), id, channelId, OTHER_RENDERS_MAX];
    const { rows } = await this.query<{ readonly upstream_id: string }>(OTHER_RENDERS, values);
    return rows.map((row) => row.upstream_id);
  }

  private async one(statement: typeof FIND | { name: string; text: string }, values: readonly unknown[]) {
    const { rows } = await this.query<TaskRow>(statement, values);
    return rows[0] && taskOf(rows[0]);
  }

  private async inTransaction<T>(work: (client: Pick<Pool, 'query'>) => Promise<T>): Promise<T> {
    try {
      return await inTransaction(this.pool, work);
    } catch (error) {
      if (isUnreachable(error)) throw new GatewayError('unavailable', UNREACHABLE, { cause: error });
      throw error;
    }
  }
}

const namesOf = (tasks: readonly Task[]): readonly unknown[] => [
  tasks.map(({ id }) => id),
  tasks.map(({ fence }) => fence),
];

const newValues = (task: NewTask): readonly unknown[] => [
  task.id,
  task.accountId,
  task.keyId,
  task.keyHint,
  task.organisationId ?? null,
  task.memberId ?? null,
  task.outTaskId ?? null,
  task.inputHash,
  task.model,
  task.alias ?? null,
  task.kind,
  JSON.stringify(task.asked),
  JSON.stringify(task.shown),
  JSON.stringify(task.targets),
  task.mark,
  task.estimatedSeconds,
  task.callbackUrl ?? null,
  task.traceparent ?? null,
  date(task.nextActionAt),
  date(task.createdAt),
];

/** In the order of `WRITE`. */
const writtenValues = (task: Task, keepLeaseMs: number | undefined): readonly unknown[] => [
  task.id,
  task.fence,
  keepLeaseMs ?? null,
  date(task.cancelRequestedAt),
  ...standingValues(task),
  date(task.nextActionAt),
];
