import type { JsonObject } from '@bytespike/kernel';
import type { StreamEvent, WholePart } from '@bytespike/ir';

import { cutsCalls } from '../cut-calls.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { Speaker, StreamStep } from '../protocol.js';
import { call, closePartial } from './decode-call.js';
import { closeTexts, closeThought, keepState, say, think } from './decode-words.js';
import { inTurn, startDecoding, type Decoding, type Step } from './decoding.js';
import { GEMINI_CODES } from './errors.js';
import { blockedBy, endingOf, pausedFor } from './finish.js';
import { citationsOf, searchParts } from './grounding-to-ir.js';
import { mediaToIr } from './parts-to-ir.js';
import { recitationsIn, recitationsOf } from './recitations-to-ir.js';
import type { WireAnswerPart, WireChunk } from './schema.js';
import { tierToIr, usageToIr } from './usage.js';

function whole(state: Decoding, part: WireAnswerPart): Step {
  const media = mediaToIr(part);
  const told: WholePart =
    media?.type === 'media' ? media : { type: 'opaque', protocol: 'gemini-generate', data: part as JsonObject };
  return inTurn(state, [
    closeThought,
    (current) => [
      { ...current, next: current.next + 1, wireNext: current.wireNext + 1, open: undefined },
      [{ type: 'part-whole', index: current.next, part: told }],
    ],
    (current) =>
      media?.type === 'media' ? keepState(current, part.thoughtSignature, 'text-signature') : [current, []],
  ]);
}

function take(state: Decoding, part: WireAnswerPart): Step {
  const { text, thought, thoughtSignature, functionCall } = part;
  if (functionCall) return call(state, functionCall, thoughtSignature);
  const [quiet, told] = text === '' && !thoughtSignature ? ([state, []] as const) : closePartial(state);
  if (quiet.ended || text === undefined) {
    const [next, more] = quiet.ended ? ([quiet, []] as const) : whole(quiet, part);
    return [next, [...told, ...more]];
  }
  const [said, words] =
    thought === true
      ? think(quiet, text, thoughtSignature)
      : inTurn(quiet, [
          (current) => say(current, text),
          ...(thoughtSignature
            ? [closeThought, (current: Decoding) => keepState(current, thoughtSignature, 'text-signature')]
            : []),
        ]);
  return [said, [...told, ...words]];
}

function step(state: Decoding, chunk: WireChunk): Step {
  if (state.ended) return [state, []];
  const { error, responseId, modelVersion, usageMetadata, promptFeedback } = chunk;
  if (error) {
    const kind = lookUp(GEMINI_CODES, error.status) ?? 'upstream-transient';
    return [
      { ...state, ended: true },
      [{ type: 'error', kind, message: error.message ?? 'The vendor failed in mid-stream.' }],
    ];
  }
  const candidate = chunk.candidates?.find(({ index }) => (index ?? 0) === 0);
  const start: readonly StreamEvent[] = state.started
    ? []
    : [{ type: 'response-start', ...given({ id: responseId, model: modelVersion, tier: tierToIr(usageMetadata) }) }];
  const recited = recitationsIn(candidate);
  const { blockReason, blockReasonMessage } = promptFeedback ?? {};
  const begun: Decoding = {
    ...state,
    started: true,
    responseId: state.responseId ?? responseId ?? undefined,
    // Reports are cumulative and may jump at the end: the last one wins.
    usage: usageMetadata ?? state.usage,
    grounding: candidate?.groundingMetadata ?? state.grounding,
    recitations: recited.length > 0 ? [...state.recitations, ...recited] : state.recitations,
    ending: candidate?.finishReason
      ? { word: candidate.finishReason, message: candidate.finishMessage ?? undefined }
      : state.ending,
    continuation: candidate?.continuationToken ?? state.continuation,
    blocked: blockReason ? blockedBy(blockReason, blockReasonMessage ?? undefined) : state.blocked,
  };
  const parts = candidate?.content?.parts ?? [];
  const [next, events] = inTurn(
    begun,
    parts.map((part) => (current) => take(current, part)),
  );
  return [next, [...start, ...events]];
}

/** This wire has no last item: its end is the body's, and a good one only behind a reason to finish. */
function end(state: Decoding): readonly StreamEvent[] {
  if (state.ended) return [];
  const { ending, usage, grounding } = state;
  const told = ending
    ? endingOf(ending.word, ending.message, state.calls > 0 || state.partial ? 'called' : 'not-called')
    : state.blocked;
  if (!told) return [{ type: 'error', kind: 'upstream-garbled', message: 'The stream ended without a finish reason.' }];
  if ('failure' in told) return [{ type: 'error', ...told.failure }];
  // A call that was cut must not look like one that can be carried out.
  const cut = cutsCalls(told.finish);
  const [closed, events] = inTurn(state, [...(cut ? [] : [closePartial]), closeThought]);
  const search = grounding ? searchParts(grounding, closed.responseId) : [];
  const counted = usage && usageToIr(usage, grounding?.webSearchQueries?.length ?? 0);
  return [
    ...events,
    ...[
      ...(grounding ? citationsOf(grounding, closed.texts) : []),
      ...recitationsOf(closed.recitations, closed.texts),
    ].map((placed) => ({ type: 'citation', ...placed }) as const),
    ...closeTexts(closed)[1],
    ...search.map((part, at) => ({ type: 'part-whole', index: closed.next + at, part }) as const),
    ...(counted ? [{ type: 'usage', usage: counted } as const] : []),
    { type: 'finish', finish: pausedFor(told.finish, closed.continuation) },
    { type: 'response-end' },
  ];
}

export const decode: StreamStep<WireChunk, StreamEvent, Decoding, Speaker> = {
  start: () => startDecoding('stream'),
  step,
  end,
};

/** The events of a whole answer: what a stream of that one chunk would tell. */
export function eventsOfAnswer(answer: WireChunk): readonly StreamEvent[] {
  const [state, events] = step(startDecoding('whole'), answer);
  return [...events, ...end(state)];
}
