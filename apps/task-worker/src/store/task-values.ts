import type { Task } from '../domain/task.js';
import type { NewTask } from './task-store.js';

export const date = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms));

/** The columns of `Standing`, and of nothing else, in the order of `standingValues`. */
export const STANDING_COLUMNS = [
  'state',
  'targets',
  'credential_id',
  'upstream_id',
  'sent_at',
  'arrived_by',
  'submitted_at',
  'attempts',
  'progress',
  'report',
  'assets',
  'outcome',
  'failure',
  'estimated_cost',
  'cost',
  'review_reason',
  'polls',
  'deadline_at',
  'started_at',
  'ended_at',
  'version',
] as const;

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Everything that `write` writes but the moment of the next action, which a cancel may have made sooner. */
const standingValues = (task: Task): readonly unknown[] => [
  task.state,
  json(task.targets),
  task.credentialId ?? null,
  task.upstreamId ?? null,
  date(task.sentAt),
  date(task.arrivedBy),
  date(task.submittedAt),
  json(task.attempts),
  json(task.progress),
  json(task.report),
  json(task.assets),
  json(task.outcome),
  json(task.failure),
  task.estimatedCost,
  task.cost ?? null,
  task.reviewReason ?? null,
  task.polls,
  date(task.deadlineAt),
  date(task.startedAt),
  date(task.endedAt),
  task.version,
];

/** Whose lease is meant, and which. */
export const leaseValues = (tasks: readonly Task[]): readonly unknown[] => [
  tasks.map(({ id }) => id),
  tasks.map(({ fence }) => fence),
];

/** In the order of `INSERT`. */
export const newValues = (task: NewTask): readonly unknown[] => [
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
export const writtenValues = (task: Task, keepLeaseMs: number | undefined): readonly unknown[] => [
  task.id,
  task.fence,
  keepLeaseMs ?? null,
  date(task.cancelRequestedAt),
  ...standingValues(task),
  date(task.nextActionAt),
];
