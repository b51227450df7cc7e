import type { JsonObject, JsonValue } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import type { Asking } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { mediaFailure } from '../wire/media-errors.js';
import { readObject, unansweredStatus } from '../wire/read-answer.js';
import { percentOf, underWay, unknownWord, type RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';

type Reader = (video: JsonObject, word: string, receivedAt: number) => RenderStatus;

const STATES: Readonly<Record<string, Reader>> = {
  queued: ({ progress }, word) => underWay('queued', word, percentOf(progress)),
  in_progress: ({ progress }, word) => underWay('running', word, percentOf(progress)),
  completed,
  failed: ({ error }, word) => ({ state: 'failed', word, failure: errors.ofBody(error) }),
};

/** Ids go into paths, so only what looks like one is taken for one. */
export const isVideoId = (id: JsonValue | undefined): id is string =>
  typeof id === 'string' && /^[\w-]{1,200}$/.test(id);

/** One `Video` object of the wire. */
export function readVideo(video: JsonObject, receivedAt: number): RenderStatus {
  const { status } = video;
  const read = typeof status === 'string' && Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  return read && typeof status === 'string' ? read(video, status, receivedAt) : unknownWord(status);
}

function completed({ id, expires_at: expiresAt, seconds }: JsonObject, word: string, receivedAt: number): RenderStatus {
  if (typeof expiresAt === 'number' && expiresAt * 1_000 <= receivedAt)
    return {
      state: 'expired',
      word,
      failure: mediaFailure('upstream-timeout', 'the film expired before it was fetched'),
    };
  if (!isVideoId(id)) return unknownWord(undefined);
  const length = typeof seconds === 'string' || typeof seconds === 'number' ? Number(seconds) : Number.NaN;
  return {
    state: 'succeeded',
    word,
    assets: [assetReference(id)],
    rendered: length > 0 && Number.isFinite(length) ? { seconds: length } : {},
  };
}

export const status: Asking = {
  request: (upstreamId) => ({
    method: 'GET',
    path: `/v1/videos/${upstreamId}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.statusBytesMax,
  }),
  answer: (answer: VendorAnswer) => {
    const video = readObject(answer, MEDIA_LIMITS.statusBytesMax);
    return video ? readVideo(video, answer.receivedAt) : unansweredStatus(answer, errors);
  },
};
