import type { Usage } from '@bytespike/kernel';
import type { Citation, Finish, GenerateRequest, StreamEvent } from '@bytespike/ir';

import { codePoints } from '../code-points.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { StreamStep } from '../protocol.js';
import { annotationFromIr, completionId, explanationOf, finishFromIr } from './answer-from-ir.js';
import { detailFromState, sealedData, withSignature } from './reasoning-state.js';
import { DONE, type WireChunk, type WireDelta } from './schema.js';
import { TIER_FROM_IR } from './tier.js';
import { isLegacy } from './tools-to-ir.js';
import { usageFromIr } from './usage.js';

/** What is known of a part that has begun: its type, and for a call its number among the calls. */
interface Begun {
  readonly type: 'text' | 'refusal' | 'reasoning' | 'function' | 'custom';
  readonly call: number;
  /** Reasoning that is not shown. */
  readonly hidden: boolean;
  /** What had been said when it began, and how long it is: both in the unit of what tells of it. */
  readonly base: number;
  readonly length: number;
  readonly sources: readonly Citation[];
}

export interface Encoding {
  /** The fields every chunk repeats. */
  readonly envelope: { readonly id: string; readonly created: number; readonly model: string };
  readonly tier: string | undefined;
  readonly parts: Readonly<Record<number, Begun>>;
  readonly calls: number;
  /** Whether a call is owed in the form that came before tools. */
  readonly legacy: boolean;
  /** Code points of text so far, and states handed over. */
  readonly said: number;
  readonly details: number;
  /** State without text, which the next call may carry too. */
  readonly pending: string | undefined;
  /** Which paragraph of which part of the reasoning was written last. */
  readonly paragraph: string | undefined;
  readonly refused: boolean;
  readonly usage: Usage | undefined;
  readonly finish: Finish;
}

type Step = readonly [Encoding, readonly WireChunk[]];

const chunk = (state: Encoding, delta: WireDelta, finish_reason: string | null = null): WireChunk => ({
  id: state.envelope.id,
  object: 'chat.completion.chunk',
  created: state.envelope.created,
  model: state.envelope.model,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  ...given({ service_tier: lookUp(TIER_FROM_IR, state.tier) }),
});

function startPart(state: Encoding, { index, part }: Extract<StreamEvent, { type: 'part-start' }>): Step {
  const begun = { base: state.said, length: 0, sources: [], hidden: false, call: -1 };
  if (part.type !== 'tool-call') {
    const hidden = part.type === 'reasoning' && part.visibility === 'redacted';
    return [{ ...state, parts: { ...state.parts, [index]: { ...begun, type: part.type, hidden } } }, []];
  }
  const { id, name, kind } = part;
  const parts = { ...state.parts, [index]: { ...begun, type: kind, call: state.calls } };
  const next = { ...state, parts, calls: state.calls + 1, pending: undefined };
  if (state.legacy) return [next, state.calls > 0 ? [] : [chunk(state, { function_call: { name, arguments: '' } })]];
  const body = kind === 'custom' ? { custom: { name, input: '' } } : { function: { name, arguments: '' } };
  const signed = state.pending === undefined ? {} : withSignature(state.pending);
  return [next, [chunk(state, { tool_calls: [{ index: state.calls, id, type: kind, ...body, ...signed }] })]];
}

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' | 'arguments-delta' }>;

const grown = (state: Encoding, index: number, part: Begun, by: number): Encoding => ({
  ...state,
  parts: { ...state.parts, [index]: { ...part, length: part.length + by } },
});

function writeReasoning(state: Encoding, part: Begun, event: Extract<Delta, { type: 'reasoning-delta' }>): Step {
  const { index, segment, text } = event;
  if (part.hidden || text === '') return [state, []];
  const paragraph = `${index}.${segment}`;
  const first = state.paragraph === undefined || state.paragraph === paragraph;
  const reasoning_content = first ? text : `\n\n${text}`;
  // Between two parts the blank line belongs to neither.
  const own = part.length === 0 ? text.length : reasoning_content.length;
  const next = grown({ ...state, paragraph }, index, part, own);
  return [next, [chunk(state, { reasoning_content })]];
}

function writeDelta(state: Encoding, event: Delta): Step {
  const part = state.parts[event.index];
  if (!part) return [state, []];
  if (event.type === 'reasoning-delta') return writeReasoning(state, part, event);
  const { text, index } = event;
  if (text === '') return [state, []];
  if (part.type === 'text') {
    const points = codePoints(text);
    return [grown({ ...state, said: state.said + points }, index, part, points), [chunk(state, { content: text })]];
  }
  if (part.type === 'refusal') return [{ ...state, refused: true }, [chunk(state, { refusal: text })]];
  if (state.legacy) return [state, part.call > 0 ? [] : [chunk(state, { function_call: { arguments: text } })]];
  const body = part.type === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
  return [state, [chunk(state, { tool_calls: [{ index: part.call, ...body }] })]];
}

/** State the client hands back: after the reasoning it belongs to, or before the call that comes next. */
function writeCapsule(state: Encoding, { index, capsule }: Extract<StreamEvent, { type: 'capsule' }>): Step {
  const part = state.parts[index];
  const data = sealedData(capsule);
  if (part?.type === 'function' && data !== undefined && !state.legacy) {
    const signed = { index: part.call, function: { arguments: '' }, ...withSignature(data) };
    return [state, [chunk(state, { tool_calls: [signed] })]];
  }
  if (part?.type !== 'reasoning' || data === undefined) return [state, []];
  const place = { said: part.base === 0 ? 'nothing' : 'text', calls: state.calls } as const;
  const detail = detailFromState({ data, length: part.length, ...place }, state.details);
  const pending = part.length === 0 ? data : state.pending;
  return [{ ...state, pending, details: state.details + 1 }, [chunk(state, { reasoning_details: [detail] })]];
}

/** Sources are told when the text they belong to is whole: only then is its span known. */
function endPart(state: Encoding, index: number): Step {
  const part = state.parts[index];
  const whole = { start: 0, end: part?.length ?? 0 };
  const annotations = (part?.sources ?? []).flatMap((source) => annotationFromIr(source, part?.base ?? 0, whole));
  return [state, annotations.length > 0 ? [chunk(state, { annotations })] : []];
}

function addSource(state: Encoding, { index, citation }: Extract<StreamEvent, { type: 'citation' }>): Step {
  const part = state.parts[index];
  if (!part) return [state, []];
  return [{ ...state, parts: { ...state.parts, [index]: { ...part, sources: [...part.sources, citation] } } }, []];
}

function end(state: Encoding): readonly WireChunk[] {
  const { envelope, usage, finish, refused, legacy } = state;
  const refusal = explanationOf(finish, { refused });
  const reason = finishFromIr(finish, { refused, legacy });
  const report: readonly WireChunk[] = usage
    ? [{ ...envelope, object: 'chat.completion.chunk', choices: [], usage: usageFromIr(usage) }]
    : [];
  return [...(refusal === null ? [] : [chunk(state, { refusal })]), chunk(state, {}, reason), ...report, DONE];
}

function step(state: Encoding, event: StreamEvent): Step {
  switch (event.type) {
    case 'response-start': {
      const envelope = { id: completionId(event.id), created: event.createdAt ?? 0, model: event.model ?? '' };
      const begun = { ...state, envelope, tier: event.tier };
      return [begun, [chunk(begun, { role: 'assistant', content: '' })]];
    }
    case 'part-start':
      return startPart(state, event);
    case 'text-delta':
    case 'reasoning-delta':
    case 'arguments-delta':
      return writeDelta(state, event);
    case 'capsule':
      return writeCapsule(state, event);
    case 'citation':
      return addSource(state, event);
    case 'part-end':
      return endPart(state, event.index);
    case 'usage':
      return [{ ...state, usage: event.usage }, []];
    case 'tier':
      return [{ ...state, tier: event.tier }, []];
    case 'finish':
      return [{ ...state, finish: event.finish }, []];
    case 'response-end':
      return [state, end(state)];
    case 'part-whole':
    case 'ping':
    case 'error':
      return [state, []];
  }
}

export const encode: StreamStep<StreamEvent, WireChunk, Encoding, GenerateRequest> = {
  start: (asked) => ({
    envelope: { id: '', created: 0, model: '' },
    tier: undefined,
    parts: {},
    calls: 0,
    legacy: isLegacy(asked),
    said: 0,
    details: 0,
    pending: undefined,
    paragraph: undefined,
    refused: false,
    usage: undefined,
    finish: { reason: 'other' },
  }),
  step,
  end: () => [],
};
