import type { TaskView } from '@bytespike/contracts';

import { clientsName, isoTime, madeJson, taskErrorJson, type AssetLinks } from './task-parts.js';
import { usdNumber } from './usd-number.js';

/**
 * A task in the canonical shape (contract 9.2, 0.7): the answer of submit, query and cancel, the data of its stream, and
 * the body of its callbacks. What a state does not have is absent; what was estimated stays to be compared with.
 */
export function taskJson(task: TaskView, links: AssetLinks): object {
  const { startedAt, endedAt, cost, progress, outputs } = task;
  const error = taskErrorJson(task);
  return {
    task_id: task.taskId,
    out_task_id: clientsName(task),
    status: task.state,
    model: task.model,
    created_at: isoTime(task.createdAt),
    ...(startedAt !== undefined && { started_at: isoTime(startedAt) }),
    ...(endedAt !== undefined && { completed_at: isoTime(endedAt) }),
    estimated_credits: usdNumber(task.estimatedCost),
    estimated_seconds: task.estimatedSeconds,
    ...(progress && task.state === 'running' && { progress }),
    ...(cost !== undefined && { credits_used: usdNumber(cost) }),
    ...(outputs && { output: outputs.map((asset) => outputJson(task, asset, links)) }),
    ...(error && { error }),
  };
}

type Output = NonNullable<TaskView['outputs']>[number];

const outputJson = (task: TaskView, { name, contentType, bytes, sha256 }: Output, links: AssetLinks): object => ({
  type: task.kind,
  url: links(name),
  ...madeJson(task),
  content_type: contentType,
  size_bytes: bytes,
  sha256,
});
