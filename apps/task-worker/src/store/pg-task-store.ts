import { inTransaction, isUnreachable, type Pool } from '@bytespike/database';
import { assert, GatewayError } from '@bytespike/kernel';

import { addDelivery } from '../callbacks/add-delivery.js';
import type { EndState } from '../domain/outcome.js';
import { isEnded, type Task } from '../domain/task.js';
import { PgTaskReads, UNREACHABLE } from './pg-task-reads.js';
import {
  ADMIT,
  CLAIM,
  CLAIM_RENDERS,
  CLAIM_REVIEW,
  INSERT,
  POSTPONE,
  RELEASE,
  REMOVE,
  RENEW,
  REQUEST_CANCEL,
  WITHDRAW,
  WRITE,
  WRITE_SENT,
} from './statements.js';
import { taskOf, type TaskRow } from './task-row.js';
import type { NewTask, WriteOptions } from './task-store.js';
import { date, leaseValues, newValues, writtenValues } from './task-values.js';

/** Twins that are refused, one after the other, each of which had the name for a moment. */
const INSERTS_MAX = 200;
const UNIQUE_VIOLATION = '23505';

/** The only thing of a task that can be another's is its render. */
const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;

/** Tasks in Postgres. */
export class PgTaskStore extends PgTaskReads {
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
    const { rowCount } = await this.query(RENEW, [...leaseValues(tasks), leaseMs]);
    return rowCount ?? 0;
  }

  override async postpone(tasks: readonly Task[]): Promise<void> {
    const next = [tasks.map(({ polls }) => polls), tasks.map(({ nextActionAt }) => date(nextActionAt))];
    await this.query(POSTPONE, [...leaseValues(tasks), ...next]);
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

  override claimReview(taskId: string, leaseMs: number): Promise<Task | undefined> {
    return this.one(CLAIM_REVIEW, [taskId, leaseMs]);
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
