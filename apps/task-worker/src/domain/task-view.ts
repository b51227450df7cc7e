import type { KeptAsset, TaskView } from '@bytespike/contracts';
import { ERROR_KINDS, GatewayError } from '@bytespike/kernel';

import type { EndState } from './outcome.js';
import { isEnded, type Task } from './task.js';

/** The states users see: what a worker does meanwhile is `running` to them (contract 0.7), and stays so once it was. */
function viewState({ state, startedAt }: Task): TaskView['state'] {
  if (state === 'completed' || state === 'failed' || state === 'cancelled') return state satisfies EndState;
  return startedAt === undefined ? 'pending' : 'running';
}

/** A task as its owner sees it. */
export function taskView(task: Task): TaskView {
  const { outTaskId, alias, startedAt, endedAt, progress, shown } = task;
  const { seconds, resolution, aspectRatio } = shown;
  return {
    taskId: task.id,
    accountId: task.accountId,
    keyId: task.keyId,
    ...(outTaskId !== undefined && { outTaskId }),
    model: task.model,
    ...(alias !== undefined && { alias }),
    kind: task.kind,
    state: viewState(task),
    version: task.version,
    createdAt: task.createdAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    estimatedCost: task.estimatedCost,
    estimatedSeconds: task.estimatedSeconds,
    ...(progress && !isEnded(task) && { progress }),
    ...(seconds !== undefined && { seconds }),
    ...(resolution !== undefined && { resolution }),
    ...(aspectRatio !== undefined && { aspectRatio }),
    ...endOf(task),
  };
}

/** What is told of an end, and never before it: an address of something not yet paid for is nobody's. */
function endOf(task: Task): Partial<TaskView> {
  if (!isEnded(task)) return {};
  const { cost, failure, outcome, state } = task;
  return {
    ...(cost !== undefined && { cost }),
    ...(state === 'completed' && { outputs: keptOf(task) }),
    ...(state === 'completed' && outcome?.units.seconds !== undefined && { seconds: outcome.units.seconds }),
    ...(failure && state === 'failed' && { failure: told(failure) }),
  };
}

const keptOf = ({ assets }: Pick<Task, 'assets'>): KeptAsset[] => assets.filter((asset) => asset !== null);

/** A vendor's words are shown only where the table of failures lets them be. */
const told = ({ kind, message }: NonNullable<Task['failure']>): NonNullable<TaskView['failure']> => ({
  kind,
  message: ERROR_KINDS[kind].clientSafe ? message : new GatewayError(kind, message).publicMessage,
});

/** Whether a user sees two rows alike, apart from their versions. */
export const looksAlike = (one: Task, other: Task): boolean => fingerprint(one) === fingerprint(other);

const fingerprint = (task: Task): string =>
  JSON.stringify({ ...taskView(task), version: 0 }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
