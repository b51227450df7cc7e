import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { Asking } from '../media-vendor.js';
import { MEDIA_LIMITS } from '../media-limits.js';
import { mediaFailure } from '../wire/media-errors.js';
import { garbled, readObject, unansweredStatus } from '../wire/read-answer.js';
import { underWay, unknownWord, type RenderStatus } from '../wire/render-status.js';
import { assetReference } from './asset-reference.js';
import { errors } from './errors.js';

type Reader = (interaction: JsonObject, word: string) => RenderStatus;

const failed: Reader = ({ errors: told }, word) => ({
  state: 'failed',
  word,
  failure:
    list(told).length > 0
      ? errors.ofBody(list(told)[0])
      : mediaFailure('upstream-transient', `the vendor ended with ${word}`),
});

const STATES: Readonly<Record<string, Reader>> = {
  queued: (_, word) => underWay('queued', word),
  in_progress: (_, word) => underWay('running', word),
  requires_action: (_, word) => underWay('running', word),
  requires_continuation: (_, word) => underWay('running', word),
  completed,
  failed,
  incomplete: failed,
  budget_exceeded: failed,
  cancelled: (_, word) => ({ state: 'cancelled', word, rendered: {} }),
};

/** Ids go into paths, so only what looks like one is taken for one. */
export const isInteractionId = (id: JsonValue | undefined): id is string =>
  typeof id === 'string' && /^[\w-]{1,200}$/.test(id);

/** One interaction of the wire. */
export function readInteraction(interaction: JsonObject): RenderStatus {
  const { status: word } = interaction;
  const read = typeof word === 'string' && Object.hasOwn(STATES, word) ? STATES[word] : undefined;
  return read && typeof word === 'string' ? read(interaction, word) : unknownWord(word);
}

function completed(interaction: JsonObject, word: string): RenderStatus {
  const [asset] = filmsOf(interaction).flatMap((film) => assetReference(film) ?? []);
  if (asset) return { state: 'succeeded', word, assets: [asset], rendered: tokensOf(interaction.usage) };
  const [told] = list(interaction.errors);
  return {
    state: 'failed',
    word,
    failure: told === undefined ? garbled('the interaction is complete and holds no film') : errors.ofBody(told),
  };
}

const list = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

const tokensOf = (usage: JsonValue | undefined): { tokens?: number } =>
  isJsonObject(usage) && typeof usage.total_output_tokens === 'number' ? { tokens: usage.total_output_tokens } : {};

/** The SDK gathers the last film into `output_video`; the wire has it among the contents of its steps. */
function filmsOf({ output_video: output, steps }: JsonObject): readonly JsonObject[] {
  const contents = list(steps).flatMap((step) => (isJsonObject(step) ? list(step.content) : []));
  const films = contents.filter(isJsonObject).filter(({ type }) => type === 'video');
  return isJsonObject(output) ? [output, ...films.reverse()] : films.reverse();
}

export const status: Asking = {
  request: (upstreamId) => ({
    method: 'GET',
    path: `/v1beta/interactions/${upstreamId}`,
    repeat: 'safe',
    answerBytesMax: MEDIA_LIMITS.inlineStatusBytesMax,
  }),
  answer: (answer) => {
    const interaction = readObject(answer, MEDIA_LIMITS.inlineStatusBytesMax);
    return interaction ? readInteraction(interaction) : unansweredStatus(answer, errors);
  },
};
