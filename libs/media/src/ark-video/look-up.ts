import type { LookingUp } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { VideoRequest } from '../requests/video-request.js';
import { chooseLost } from '../wire/choose-lost.js';
import { isTaskId } from './status-answer.js';
import { readTaskList } from './status-many.js';
import { seedOf, TASKS } from './submit-request.js';

/** The list names neither prompt nor caller, so a lost submit is known by its seed, its model and its time. */
export const lookUp: LookingUp<VideoRequest> = {
  request: () => ({
    method: 'GET',
    path: `${TASKS}?page_num=1&page_size=${MEDIA_LIMITS.lookedThroughMax}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.listBytesMax,
  }),
  answer: (answer, lost) => {
    const list = readTaskList(answer);
    if (!list) return { type: 'unclear' };
    const seed = seedOf(lost.asked, lost.to);
    const rows = list.items.flatMap((item) =>
      isTaskId(item.id) && typeof item.created_at === 'number'
        ? [{ id: item.id, createdAt: item.created_at * 1_000, item }]
        : [],
    );
    const isLikely = (item: (typeof rows)[number]['item']): boolean =>
      item.model === lost.to.upstreamModel &&
      (seed === undefined || typeof item.seed !== 'number' || item.seed === seed);
    return chooseLost(rows, lost, isLikely, list.total <= list.items.length);
  },
};
