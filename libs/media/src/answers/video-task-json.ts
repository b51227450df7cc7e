import type { TaskView } from '@bytespike/contracts';

import { clientsName, isoTime, madeJson, taskErrorJson, type AssetLinks } from './task-parts.js';
import { usdNumber } from './usd-number.js';

/**
 * A task in the shape of the model pages (contract 9.7, third column): `POST /v1/videos/generations` and
 * `GET /v1/videos/tasks/{id}`. Sound is inside the film, so there is no `audio_url`.
 */
export function videoTaskJson(task: TaskView, links: AssetLinks): object {
  const { endedAt, cost, progress, outputs } = task;
  const [film] = outputs ?? [];
  const error = taskErrorJson(task);
  return {
    task_id: task.taskId,
    out_task_id: clientsName(task),
    status: task.state,
    model: task.model,
    created_at: isoTime(task.createdAt),
    ...(endedAt !== undefined && { completed_at: isoTime(endedAt) }),
    estimated_credits: usdNumber(task.estimatedCost),
    estimated_seconds: task.estimatedSeconds,
    ...(progress && task.state === 'running' && { progress }),
    ...(cost !== undefined && { credits_used: usdNumber(cost) }),
    ...(film && { result_url: links(film.name), ...madeJson(task) }),
    ...(error && { error }),
  };
}
