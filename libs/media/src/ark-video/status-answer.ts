import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { Asking } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { mediaFailure } from '../wire/media-errors.js';
import { garbled, readObject, unansweredStatus } from '../wire/read-answer.js';
import { underWay, unknownWord, type Rendered, type RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';
import { TASKS } from './submit-request.js';

type Reader = (task: JsonObject, word: string) => RenderStatus;

const STATES: Readonly<Record<string, Reader>> = {
  queued: (_, word) => underWay('queued', word),
  running: (_, word) => underWay('running', word),
  succeeded,
  failed: (task, word) => ({ state: 'failed', word, failure: errors.ofBody(reasonOf(task)) }),
  cancelled: (_, word) => ({ state: 'cancelled', word, rendered: {} }),
  expired: (_, word) => ({
    state: 'expired',
    word,
    failure: mediaFailure('upstream-timeout', 'the vendor gave up on the render'),
  }),
};

/** Ids go into paths, so only what looks like one is taken for one. */
export const isTaskId = (id: JsonValue | undefined): id is string =>
  typeof id === 'string' && /^[\w-]{1,200}$/.test(id);

/** One task of the wire, asked for by itself or found in a list. */
export function readTask(task: JsonObject): RenderStatus {
  const { status: word } = task;
  const read = typeof word === 'string' && Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  return read && typeof word === 'string' ? read(task, word) : unknownWord(word);
}

/** Lists call the error of an item by another name. */
const reasonOf = ({ error, failure_reason: reason }: JsonObject): JsonValue | undefined =>
  error ?? (typeof reason === 'string' ? { message: reason } : reason);

function succeeded(task: JsonObject, word: string): RenderStatus {
  const asset = isJsonObject(task.content) ? assetReference(task.content) : undefined;
  if (!asset) return { state: 'failed', word, failure: garbled('the task succeeded and holds no film') };
  return { state: 'succeeded', word, assets: [asset], rendered: renderedBy(task) };
}

function renderedBy({ duration, usage }: JsonObject): Rendered {
  const tokens = isJsonObject(usage) ? usage.completion_tokens : undefined;
  return {
    ...(typeof duration === 'number' && duration > 0 ? { seconds: duration } : {}),
    ...(typeof tokens === 'number' && tokens >= 0 ? { tokens } : {}),
  };
}

export const status: Asking = {
  request: (upstreamId) => ({
    method: 'GET',
    path: `${TASKS}/${upstreamId}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.statusBytesMax,
  }),
  answer: (answer) => {
    const task = readObject(answer, MEDIA_LIMITS.statusBytesMax);
    return task ? readTask(task) : unansweredStatus(answer, errors);
  },
};
