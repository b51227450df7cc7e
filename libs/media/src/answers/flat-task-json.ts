import type { TaskView } from '@bytespike/contracts';

import { clientsName, isoTime, madeJson, taskErrorJson, type AssetLinks } from './task-parts.js';
import { usdNumber } from './usd-number.js';

/**
 * A task in the shape of the video reference pages (contract 9.7, second column): for whoever submitted with top-level
 * fields, or asks with `GET /v1/tasks/query?task_id=`.
 */
export function flatTaskJson(task: TaskView, links: AssetLinks): object {
  const { endedAt, cost, progress } = task;
  const result = resultJson(task, links);
  const error = taskErrorJson(task);
  return {
    task_id: task.taskId,
    out_task_id: clientsName(task),
    status: task.state === 'pending' ? 'queued' : task.state,
    model: task.model,
    submitted_at: isoTime(task.createdAt),
    ...(endedAt !== undefined && { completed_at: isoTime(endedAt) }),
    estimated_credits: usdNumber(task.estimatedCost),
    estimated_seconds: task.estimatedSeconds,
    ...(progress && task.state === 'running' && { progress }),
    ...(cost !== undefined && { credits: usdNumber(cost) }),
    ...(result && { result }),
    ...(error && { error }),
  };
}

/** The pages show one film; pictures, of which there may be several, are listed beside the first. */
function resultJson(task: TaskView, links: AssetLinks): object | undefined {
  const urls = task.outputs?.map(({ name }) => links(name));
  if (!urls || urls[0] === undefined) return undefined;
  const [url] = urls;
  return { ...(task.kind === 'video' ? { video_url: url } : { image_url: url, image_urls: urls }), ...madeJson(task) };
}
