import type { Standing, Task } from '../domain/task.js';

/** A row as pg reads it: JSON is parsed, moments are dates, money is `bigint`. */
export type TaskRow = Readonly<Record<string, unknown>>;

const moment = (value: unknown): number | undefined => (value instanceof Date ? value.getTime() : undefined);
const present = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));

/** What `newValues` and `writtenValues` made of a task, read again. Nobody else writes this table. */
export function taskOf(row: TaskRow): Task {
  return {
    id: row['id'] as string,
    accountId: row['account_id'] as string,
    keyId: row['key_id'] as string,
    keyHint: row['key_hint'] as string,
    organisationId: present(row['organisation_id']),
    memberId: present(row['member_id']),
    outTaskId: present(row['out_task_id']),
    inputHash: row['input_hash'] as string,
    model: row['model'] as string,
    alias: present(row['alias']),
    kind: row['kind'] as Task['kind'],
    asked: present(row['asked']),
    shown: row['shown'] as Task['shown'],
    mark: row['mark'] as number,
    estimatedSeconds: row['estimated_seconds'] as number,
    callbackUrl: present(row['callback_url']),
    traceparent: present(row['traceparent']),
    createdAt: (row['created_at'] as Date).getTime(),
    version: row['version'] as number,
    cancelRequestedAt: moment(row['cancel_requested_at']),
    fence: row['fence'] as number,
    ...standingOf(row),
  };
}

const standingOf = (row: TaskRow): Standing => ({
  state: row['state'] as Standing['state'],
  targets: row['targets'] as Standing['targets'],
  credentialId: present(row['credential_id']),
  upstreamId: present(row['upstream_id']),
  sentAt: moment(row['sent_at']),
  arrivedBy: moment(row['arrived_by']),
  submittedAt: moment(row['submitted_at']),
  attempts: row['attempts'] as Standing['attempts'],
  progress: present(row['progress']),
  report: present(row['report']),
  assets: row['assets'] as Standing['assets'],
  outcome: present(row['outcome']),
  failure: present(row['failure']),
  estimatedCost: row['estimated_cost'] as bigint,
  cost: present(row['cost']),
  reviewReason: present(row['review_reason']),
  nextActionAt: moment(row['next_action_at']),
  polls: row['polls'] as number,
  deadlineAt: moment(row['deadline_at']),
  startedAt: moment(row['started_at']),
  endedAt: moment(row['ended_at']),
});
