import type { Usage } from '@bytespike/kernel';
import type { Finish, StreamEvent } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { StreamStep } from '../protocol.js';
import { completionId, finishFromIr, ownCitation, TIER } from './from-ir.js';
import { DONE, type WireChunk, type WireDelta } from './schema.js';
import { usageFromIr } from './usage.js';

/** What is known of a part that has begun: its type, and for a call its number among the calls. */
interface Begun {
  readonly type: 'text' | 'refusal' | 'reasoning' | 'function' | 'custom';
  readonly call: number;
}

export interface Encoding {
  /** The fields every chunk repeats. */
  readonly envelope: { readonly id: string; readonly created: number; readonly model: string };
  readonly tier: string | undefined;
  readonly parts: Readonly<Record<number, Begun>>;
  readonly calls: number;
  /** Which paragraph of which part of the reasoning was written last. */
  readonly paragraph: string | undefined;
  readonly refused: boolean;
  readonly usage: Usage | undefined;
  readonly finish: Finish | undefined;
}

type Step = readonly [Encoding, readonly WireChunk[]];

const chunk = (state: Encoding, delta: WireDelta, finish_reason: string | null = null): WireChunk => ({
  id: state.envelope.id,
  object: 'chat.completion.chunk',
  created: state.envelope.created,
  model: state.envelope.model,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  ...given({ service_tier: lookUp(TIER, state.tier) }),
});

function startPart(state: Encoding, { index, part }: Extract<StreamEvent, { type: 'part-start' }>): Step {
  if (part.type !== 'tool-call')
    return [{ ...state, parts: { ...state.parts, [index]: { type: part.type, call: -1 } } }, []];
  const { id, name, kind } = part;
  const parts = { ...state.parts, [index]: { type: kind, call: state.calls } };
  const body = kind === 'custom' ? { custom: { name, input: '' } } : { function: { name, arguments: '' } };
  return [
    { ...state, parts, calls: state.calls + 1 },
    [chunk(state, { tool_calls: [{ index: state.calls, id, type: kind, ...body }] })],
  ];
}

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' | 'arguments-delta' }>;

function writeDelta(state: Encoding, event: Delta): Step {
  const part = state.parts[event.index];
  if (!part) return [state, []];
  const { text } = event;
  if (event.type === 'reasoning-delta') {
    const paragraph = `${event.index}.${event.segment}`;
    const first = state.paragraph === undefined || state.paragraph === paragraph;
    const reasoning_content = first ? text : `\n\n${text}`;
    return [{ ...state, paragraph }, reasoning_content === '' ? [] : [chunk(state, { reasoning_content })]];
  }
  if (text === '') return [state, []];
  if (part.type === 'text') return [state, [chunk(state, { content: text })]];
  if (part.type === 'refusal') return [{ ...state, refused: true }, [chunk(state, { refusal: text })]];
  const body = part.type === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
  return [state, [chunk(state, { tool_calls: [{ index: part.call, ...body }] })]];
}

function end(state: Encoding): readonly WireChunk[] {
  const { envelope, usage } = state;
  const reason = finishFromIr(state.finish ?? { reason: 'other' }, state.refused ? 'refused' : '');
  const report: readonly WireChunk[] = usage
    ? [{ ...envelope, object: 'chat.completion.chunk', choices: [], usage: usageFromIr(usage) }]
    : [];
  return [chunk(state, {}, reason), ...report, DONE];
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
    case 'usage':
      return [{ ...state, usage: event.usage }, []];
    case 'tier':
      return [{ ...state, tier: event.tier }, []];
    case 'finish':
      return [{ ...state, finish: event.finish }, []];
    case 'response-end':
      return [state, end(state)];
    case 'citation': {
      const annotations = ownCitation(event.citation);
      return [state, annotations.length > 0 ? [chunk(state, { annotations })] : []];
    }
    case 'part-whole':
    case 'part-end':
    case 'capsule':
    case 'ping':
    case 'error':
      return [state, []];
  }
}

export const encode: StreamStep<StreamEvent, WireChunk, Encoding> = {
  start: () => ({
    envelope: { id: '', created: 0, model: '' },
    tier: undefined,
    parts: {},
    calls: 0,
    paragraph: undefined,
    refused: false,
    usage: undefined,
    finish: undefined,
  }),
  step,
  end: () => [],
};
