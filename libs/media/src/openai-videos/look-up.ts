import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { LookingUp, LostSubmit } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import type { VideoRequest } from '../requests/video-request.js';
import { chooseLost, type Likeness } from '../wire/choose-lost.js';
import { readObject } from '../wire/read-answer.js';
import { isVideoId } from './status-answer.js';
import { submitRequest } from './submit-request.js';

const REPEATED = ['prompt', 'seconds', 'size'] as const;

/** The vendor repeats what it was asked for, so a lost submit is known by that and by its time. */
const likenessOf = ({ asked, to }: LostSubmit<VideoRequest>): ((video: JsonObject) => Likeness) => {
  const { body } = submitRequest(asked, to).call;
  const sent = body?.type === 'json' ? body.json : {};
  return (video) => {
    // The answer may name the dated model that the plain name stands for.
    if (typeof video.model !== 'string' || !video.model.startsWith(to.upstreamModel)) return 'none';
    if (!REPEATED.every((field) => isUntold(video[field]) || video[field] === sent[field])) return 'none';
    // Pictures are not repeated, and another's may have been sent with the same words.
    const isWhole = REPEATED.every((field) => !isUntold(video[field]));
    return isWhole && asked.images.length === 0 ? 'certain' : 'likely';
  };
};

/** A field that is not told proves nothing. */
const isUntold = (told: JsonValue | undefined): boolean => told === undefined || told === null;

export const lookUp: LookingUp<VideoRequest> = {
  request: () => ({
    method: 'GET',
    path: `/v1/videos?limit=${MEDIA_LIMITS.lookedThroughMax}&order=desc`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.listBytesMax,
  }),
  answer: (answer, lost) => {
    const list = readObject(answer, MEDIA_LIMITS.listBytesMax);
    if (!list || !Array.isArray(list.data)) return { type: 'unclear' };
    const videos = (list.data as readonly JsonValue[]).filter(isJsonObject);
    const rows = videos.flatMap((video) => {
      const { id, created_at: created } = video;
      return isVideoId(id) && typeof created === 'number' ? [{ id, createdAt: created * 1_000, item: video }] : [];
    });
    return chooseLost(rows, lost, likenessOf(lost), list.has_more !== true);
  },
};
