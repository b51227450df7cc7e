import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { Asking } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { mediaFailure } from '../wire/media-errors.js';
import { garbled, readObject, unansweredStatus } from '../wire/read-answer.js';
import { underWay, unknownWord, type AssetReference, type RenderStatus } from '../wire/render-status.js';
import { assetReference, assets } from './asset-reference.js';
import { errors } from './errors.js';

/** Names go into paths, so only what looks like one is taken for one. */
export const isOperationName = (name: JsonValue | undefined): name is string =>
  typeof name === 'string' && /^(models\/[\w.-]{1,100}\/)?operations\/[\w-]{1,200}$/.test(name);

/** One long-running operation of the wire. */
export function readOperation(operation: JsonObject): RenderStatus {
  const { done, error, response } = operation;
  if (done === undefined || done === null || done === false) return underWay('running', 'not done');
  if (done !== true) return unknownWord(done);
  if (error !== undefined && error !== null) return { state: 'failed', word: 'error', failure: errors.ofBody(error) };
  const answer =
    isJsonObject(response) && isJsonObject(response.generateVideoResponse) ? response.generateVideoResponse : {};
  const [first, ...others] = samplesOf(answer.generatedSamples);
  if (first) return { state: 'succeeded', word: 'done', assets: [first, ...others], rendered: {} };
  return { state: 'failed', word: 'done without a film', failure: withoutFilm(answer) };
}

const list = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

const samplesOf = (samples: JsonValue | undefined): readonly AssetReference[] =>
  list(samples).flatMap((sample) => {
    const reference = isJsonObject(sample) && isJsonObject(sample.video) ? assetReference(sample.video) : undefined;
    return reference ? [reference] : [];
  });

/** Done, and all of it filtered: a failure, which a peer took for a success (media-ledger-reliability, section 2). */
function withoutFilm({ raiMediaFilteredCount: count, raiMediaFilteredReasons: reasons }: JsonObject) {
  const told = list(reasons).filter((reason) => typeof reason === 'string');
  if (told.length > 0 || (typeof count === 'number' && count > 0))
    return mediaFailure('upstream-blocked', told.join(' ').slice(0, 2_000) || 'filtered without a reason');
  return garbled('the operation is done and holds no film');
}

export const status: Asking = {
  request: (upstreamId) => ({
    method: 'GET',
    path: `/v1beta/${upstreamId}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.inlineStatusBytesMax,
  }),
  answer: (answer, { submittedAt }) => {
    const operation = readObject(answer, MEDIA_LIMITS.inlineStatusBytesMax);
    if (operation) return readOperation(operation);
    // Files and operations are kept for two days; before that, a missing one is a riddle for a person.
    if (answer.status === 404 && answer.receivedAt - submittedAt >= assets.lifetimeMs)
      return {
        state: 'expired',
        word: 'http 404',
        failure: mediaFailure('upstream-timeout', 'the operation is no longer kept'),
      };
    return unansweredStatus(answer, errors);
  },
};
