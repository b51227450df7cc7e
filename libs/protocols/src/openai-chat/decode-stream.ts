import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { ResponsePart, StreamEvent } from '@bytespike/ir';

import { codePoints } from '../code-points.js';
import { chatCompatibility } from '../compatibility/chat.js';
import { cutsCalls } from '../cut-calls.js';
import { failureIn } from '../errors/classify.js';
import { OPENAI_CODES } from '../errors/openai-family.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { Speaker, StreamStep } from '../protocol.js';
import { continueCall, fragmentsOf, isRunnable, type OpenCall } from './decode-call.js';
import { lateSource, searchFor, type LateSource } from './late-sources.js';
import { PLAIN_REASONING, readReasoning } from './messages-to-ir.js';
import { DONE, type WireChunk, type WireChunkObject, type WireDelta } from './schema.js';
import { endTagged, readTagged, TAGS_UNREAD, type TagReading, type Told } from './think-tags.js';
import { TIER_TO_IR } from './tier.js';
import { citationToIr, findFailure, finishToIr, type Failure } from './to-ir.js';
import { usageToIr } from './usage.js';

type Spoken = 'text' | 'reasoning' | 'refusal';

export interface Decoding {
  readonly started: boolean;
  readonly responseId: string | undefined;
  /** Index of the next part. */
  readonly next: number;
  /** The part that is being spoken; calls stay open beside it, since their fragments may interleave. */
  readonly open: { readonly type: Spoken; readonly index: number } | undefined;
  readonly refused: boolean;
  readonly calls: readonly OpenCall[];
  /** How far a text that may begin with thinking between tags has been read; only some vendors write so. */
  readonly tags: TagReading | undefined;
  /** Code points of text that was said, and where in them the open text began. */
  readonly said: number;
  readonly textBase: number;
  /** Sources that came when no text was open to be cited in. */
  readonly sources: readonly LateSource[];
  readonly finishReason: string | undefined;
  readonly ended: boolean;
}

type Step = readonly [Decoding, readonly StreamEvent[]];

const fail = (state: Decoding, { kind, message }: Failure): Step => [
  { ...state, ended: true },
  [{ type: 'error', kind, message }],
];

const garbled = (state: Decoding, message: string): Step => fail(state, { kind: 'upstream-garbled', message });

function closeOpen(state: Decoding): Step {
  const { open } = state;
  if (!open) return [state, []];
  const { index, type } = open;
  const capsule = type === 'reasoning' ? [{ type: 'capsule', index, capsule: PLAIN_REASONING } as const] : [];
  return [{ ...state, open: undefined }, [...capsule, { type: 'part-end', index }]];
}

/** Ends the calls whose arguments are whole, so that parallel calls need not wait for the last of them. */
const closeWhole = (state: Decoding): Step => closeCalls(state, isRunnable, () => '');

/** Ends these calls, each with what its fragments left out of its arguments. */
function closeCalls(state: Decoding, which: (call: OpenCall) => boolean, owed: (call: OpenCall) => string): Step {
  const closing = state.calls.filter((call) => call.open && which(call));
  if (closing.length === 0) return [state, []];
  const calls = state.calls.map((call) => (closing.includes(call) ? { ...call, open: false } : call));
  return [{ ...state, calls }, closing.flatMap((call) => callEnd(call, owed(call)))];
}

/** What a call that said nothing of its arguments is owed, where it was not cut before it could. */
const noArguments = ({ kind, argumentsText }: OpenCall): string =>
  kind === 'function' && argumentsText === '' ? '{}' : '';

const callEnd = ({ index }: OpenCall, owed: string): readonly StreamEvent[] => [
  ...(owed === '' ? [] : [{ type: 'arguments-delta', index, text: owed } as const]),
  { type: 'part-end', index },
];

/** Says `text` in the part of this type, ending whatever else was being said. */
function speak(state: Decoding, type: Spoken, text: string): Step {
  if (text === '') return [state, []];
  const said = state.said + (type === 'text' ? codePoints(text) : 0);
  if (state.open?.type === type) return [{ ...state, said }, [deltaOf(type, state.open.index, text)]];
  const [closed, ends] = closeOpen(state);
  const [quiet, callEnds] = closeWhole(closed);
  const index = quiet.next;
  const part = type === 'reasoning' ? ({ type, visibility: 'full' } as const) : { type };
  return [
    {
      ...quiet,
      next: index + 1,
      open: { type, index },
      refused: quiet.refused || type === 'refusal',
      said,
      textBase: type === 'text' ? quiet.said : quiet.textBase,
    },
    [...ends, ...callEnds, { type: 'part-start', index, part }, deltaOf(type, index, text)],
  ];
}

const deltaOf = (type: Spoken, index: number, text: string): StreamEvent =>
  type === 'reasoning' ? { type: 'reasoning-delta', index, segment: 0, text } : { type: 'text-delta', index, text };

function callFragment(state: Decoding, fragment: NonNullable<WireDelta['tool_calls']>[number]): Step {
  const change = continueCall(state.calls, fragment, state.responseId);
  if (change.fault !== undefined) return garbled(state, change.fault);
  if (!change.begins) return [{ ...state, calls: change.calls }, change.grows(change.call.index)];
  const [closed, ends] = closeOpen(state);
  const [quiet, callEnds] = closeWhole(closed);
  const index = quiet.next;
  const call = { ...change.call, index };
  // The new call is last; the others may just have been closed, so their state is taken from there.
  const calls = [...quiet.calls.filter((other) => other.wireIndex !== call.wireIndex || !other.waiting), call];
  const { id, name, kind } = call;
  return [
    { ...quiet, next: index + 1, calls },
    [
      ...ends,
      ...callEnds,
      { type: 'part-start', index, part: { type: 'tool-call', id, name, kind } },
      ...change.grows(index),
    ],
  ];
}

const tell = ({ reasoning, text }: Told): readonly ((current: Decoding) => Step)[] => [
  (current) => speak(current, 'reasoning', reasoning),
  (current) => speak(current, 'text', text),
];

function sayContent(state: Decoding, content: string): Step {
  if (!state.tags) return speak(state, 'text', content);
  const [tags, told] = readTagged(state.tags, content);
  return inTurn({ ...state, tags }, tell(told));
}

/** Almost every delta says one thing, so what it does not say takes no step. */
function readDelta(state: Decoding, delta: WireDelta): Step {
  const { content, refusal, annotations } = delta;
  const reasoning = readReasoning(delta);
  const steps: ((current: Decoding) => Step)[] = [];
  if (reasoning !== '') steps.push((current) => speak(current, 'reasoning', reasoning));
  if (content) steps.push((current) => sayContent(current, content));
  if (refusal) steps.push((current) => speak(current, 'refusal', refusal));
  if (annotations) steps.push((current) => cite(current, delta));
  for (const fragment of fragmentsOf(delta)) steps.push((current) => callFragment(current, fragment));
  return inTurn(state, steps);
}

function inTurn(state: Decoding, steps: readonly ((current: Decoding) => Step)[]): Step {
  let current = state;
  const events: StreamEvent[] = [];
  for (const take of steps) {
    if (current.ended) break;
    const [next, more] = take(current);
    current = next;
    events.push(...more);
  }
  return [current, events];
}

function cite(state: Decoding, delta: WireDelta): Step {
  const { open } = state;
  const citations = (delta.annotations ?? []).flatMap((one) => citationToIr(one, state.textBase));
  if (open?.type !== 'text') return [{ ...state, sources: [...state.sources, ...citations.flatMap(lateSource)] }, []];
  return [state, citations.map((citation) => ({ type: 'citation', index: open.index, citation }))];
}

/** The end, once every part has ended: told by `[DONE]`, or by the body's end after a finish reason. */
function finish(begun: Decoding): Step {
  const [state, owed] = begun.tags ? inTurn({ ...begun, tags: undefined }, tell(endTagged(begun.tags))) : [begun, []];
  const [ended, events] = close(state);
  return [ended, [...owed, ...events]];
}

function close(state: Decoding): Step {
  const parts = state.calls.map(({ id, name, kind, argumentsText }): ResponsePart => ({
    type: 'tool-call',
    id,
    name,
    kind,
    argumentsText: argumentsText || '{}',
  }));
  if (state.calls.some(({ waiting }) => waiting)) return garbled(state, 'A tool call came without a name.');
  const told = finishToIr(state.finishReason, state.refused ? [...parts, { type: 'refusal' }] : parts);
  const failure = findFailure({ ...told, raw: state.finishReason }, parts);
  if (failure) return fail(state, failure);
  const [closed, ends] = closeOpen(state);
  const [quiet, callEnds] = closeCalls(closed, () => true, cutsCalls(told) ? () => '' : noArguments);
  const found = searchFor(quiet.sources, quiet.responseId).map(
    (part, at) => ({ type: 'part-whole', index: quiet.next + at, part }) as const,
  );
  return [
    { ...quiet, ended: true },
    [...ends, ...callEnds, ...found, { type: 'finish', finish: told }, { type: 'response-end' }],
  ];
}

function readObject(state: Decoding, chunk: WireChunkObject): Step {
  const [choice] = (chunk.choices ?? []).filter(({ index }) => (index ?? 0) === 0);
  const told = chunk.usage ?? (isJsonObject(choice?.['usage']) ? choice['usage'] : undefined);
  const usage = told && usageToIr(told);
  const start: readonly StreamEvent[] = state.started
    ? []
    : [
        {
          type: 'response-start',
          ...given({
            id: chunk.id,
            model: chunk.model,
            createdAt: chunk.created,
            tier: lookUp(TIER_TO_IR, chunk.service_tier),
          }),
        },
      ];
  const begun = { ...state, started: true, responseId: state.responseId ?? chunk.id ?? undefined };
  const [spoken, said] = choice?.delta ? readDelta(begun, choice.delta) : ([begun, []] as const);
  const finishReason = choice?.finish_reason ?? spoken.finishReason;
  return [
    { ...spoken, finishReason },
    [...start, ...said, ...(usage && !spoken.ended ? [{ type: 'usage', usage } as const] : [])],
  ];
}

function step(state: Decoding, chunk: WireChunk): Step {
  if (state.ended) return [state, []];
  if (chunk === DONE) return state.started ? finish(state) : garbled(state, 'The stream was empty.');
  if (chunk.error || chunk.base_resp?.status_code) {
    const told = failureIn(chunk as JsonObject, OPENAI_CODES, {});
    return fail(state, told ?? { kind: 'upstream-transient', message: 'The vendor failed in mid-stream.' });
  }
  return readObject(state, chunk);
}

const writesTags = (from: Speaker | undefined): boolean =>
  from !== undefined && chatCompatibility(from.vendor, from.upstreamModel).thinkTags === 'in-text';

export const decode: StreamStep<WireChunk, StreamEvent, Decoding, Speaker> = {
  start: (from) => ({
    started: false,
    responseId: undefined,
    next: 0,
    open: undefined,
    refused: false,
    calls: [],
    tags: writesTags(from) ? TAGS_UNREAD : undefined,
    said: 0,
    textBase: 0,
    sources: [],
    finishReason: undefined,
    ended: false,
  }),
  step,
  end: (state) => {
    if (state.ended) return [];
    if (state.finishReason !== undefined) return finish(state)[1];
    return [{ type: 'error', kind: 'upstream-garbled', message: 'The stream ended without a finish reason.' }];
  },
};
