import type { LookingUp } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { VideoRequest } from '../requests/video-request.js';
import { chooseLost, type Likeness } from '../wire/choose-lost.js';
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
    const likenessOf = ({ model, seed: told }: (typeof rows)[number]['item']): Likeness => {
      if (model !== lost.to.upstreamModel) return 'none';
      if (typeof told !== 'number') return 'likely';
      if (told !== seed) return 'none';
      // A seed of the caller's own may be anybody's.
      return seed === lost.to.mark ? 'certain' : 'likely';
    };
    return chooseLost(rows, lost, likenessOf, list.total <= list.items.length);
  },
};
