import { createQuery, type NamedStatement, type Pool, type Query } from '@bytespike/database';

import type { Task } from '../domain/task.js';
import {
  COUNT_BY_STATE,
  COUNT_OPEN,
  FIND,
  FIND_NAMED,
  HAS_OTHER_SENDS,
  LIST_REVIEWS,
  OLDEST_OPEN,
  OTHER_RENDERS,
  OVERDUE,
  READ_MANY,
  RECENT_SECONDS,
} from './statements.js';
import { taskOf, type TaskRow } from './task-row.js';
import { TaskStore, type DueTask, type Span, type TaskCount, type TaskQuery } from './task-store.js';
import { date } from './task-values.js';

/** As many as are ever told to whoever looks through a vendor's list. */
const OTHER_RENDERS_MAX = 1_000;
export const UNREACHABLE = 'tasks cannot be reached';

interface OverdueRow {
  readonly id: string;
  readonly state: Task['state'];
  readonly kind: Task['kind'];
  readonly has_report: boolean;
  readonly next_action_at: Date;
  readonly fence: number;
}

/** What is asked of tasks in Postgres without taking or changing any. */
export abstract class PgTaskReads extends TaskStore {
  protected readonly query: Query;

  constructor(protected readonly pool: Pool) {
    super();
    this.query = createQuery(pool, UNREACHABLE);
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

  override async hasOtherSends({ id }: Task, channelId: string, { since, until }: Span): Promise<boolean> {
    return (await this.query(HAS_OTHER_SENDS, [id, channelId, date(since), date(until)])).rows.length > 0;
  }

  override async otherRenders({ id }: Task, channelId: string, { since, until }: Span): Promise<readonly string[]> {
    const values = [date(since), date(until), id, channelId, OTHER_RENDERS_MAX];
    const { rows } = await this.query<{ readonly upstream_id: string }>(OTHER_RENDERS, values);
    return rows.map((row) => row.upstream_id);
  }

  /** The task of a statement that is about one; undefined where it met none. */
  protected async one(statement: NamedStatement, values: readonly unknown[]): Promise<Task | undefined> {
    const { rows } = await this.query<TaskRow>(statement, values);
    return rows[0] && taskOf(rows[0]);
  }
}
