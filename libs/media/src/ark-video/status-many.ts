import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import type { AskingMany } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { readObject } from '../wire/read-answer.js';
import { isTaskId, readTask } from './status-answer.js';
import { TASKS } from './submit-request.js';

/** The tasks of a list, and how many there are in all; absent when the answer is no list. */
export function readTaskList(answer: VendorAnswer): { items: readonly JsonObject[]; total: number } | undefined {
  const list = readObject(answer, MEDIA_LIMITS.listBytesMax);
  if (!list || !Array.isArray(list.items)) return undefined;
  const items = (list.items as readonly JsonValue[]).filter(isJsonObject);
  return { items, total: typeof list.total === 'number' ? list.total : Number.POSITIVE_INFINITY };
}

export const statusMany: AskingMany = {
  rendersMax: MEDIA_LIMITS.rendersPerQuestionMax,
  request: (upstreamIds) => ({
    method: 'GET',
    path: `${TASKS}?page_num=1&page_size=${upstreamIds.length}${upstreamIds.map((id) => `&filter.task_ids=${id}`).join('')}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.listBytesMax,
  }),
  answer: (answer) =>
    new Map(
      (readTaskList(answer)?.items ?? []).flatMap((task) => (isTaskId(task.id) ? [[task.id, readTask(task)]] : [])),
    ),
};
