import { GatewayError, type Usage } from '@bytespike/kernel';

import type { StreamEvent } from './event.js';
import type { Finish } from './finish.js';
import type { ReasoningPart, ResponsePart, TextPart, ToolCallPart } from './part.js';
import type { GenerateResponse } from './response.js';
import { findStreamFault } from './well-formed.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The response a stream amounts to. Throws what the stream failed with, or `upstream-garbled` when it breaks the
 * rules of a stream or has no end: half a response is never taken for one.
 */
export function foldStream(events: readonly StreamEvent[]): GenerateResponse {
  const failure = events.find((event) => event.type === 'error');
  if (failure) throw new GatewayError(failure.kind, failure.message);
  const fault = findStreamFault(events);
  if (fault) throw new GatewayError('upstream-garbled', `The stream is not well formed: ${fault}.`);

  const parts: ResponsePart[] = [];
  const response: Mutable<GenerateResponse> = { parts, finish: { reason: 'other' } };
  for (const event of events) {
    if ('index' in event) foldPart(parts, event);
    else foldResponse(response, event);
  }
  return response;
}

type PartEvent = Extract<StreamEvent, { readonly index: number }>;

function foldResponse(response: Mutable<GenerateResponse>, event: Exclude<StreamEvent, PartEvent>): void {
  switch (event.type) {
    case 'response-start':
      if (event.id !== undefined) response.id = event.id;
      if (event.model !== undefined) response.model = event.model;
      if (event.createdAt !== undefined) response.createdAt = event.createdAt;
      if (event.tier !== undefined) response.tier = event.tier;
      return;
    case 'usage':
      response.usage = event.usage satisfies Usage;
      return;
    case 'tier':
      response.tier = event.tier;
      return;
    case 'finish':
      response.finish = event.finish satisfies Finish;
      return;
    case 'ping':
    case 'error':
    case 'response-end':
      return;
  }
}

/** Replaces the part an event adds to. Well-formedness has been checked, so every index and kind fits. */
function foldPart(parts: ResponsePart[], event: PartEvent): void {
  if (event.type === 'part-whole') parts[event.index] = event.part;
  else if (event.type === 'part-start') parts[event.index] = emptyPart(event.part);
  else if (event.type !== 'part-end') {
    const part = parts[event.index];
    if (part) parts[event.index] = grow(part, event);
  }
}

function emptyPart(part: Extract<PartEvent, { type: 'part-start' }>['part']): ResponsePart {
  if (part.type === 'tool-call') return { ...part, argumentsText: '' };
  if (part.type === 'reasoning') return { ...part, segments: [] };
  return { ...part, text: '' };
}

function grow(part: ResponsePart, event: Exclude<PartEvent, { type: 'part-start' | 'part-whole' | 'part-end' }>) {
  switch (event.type) {
    case 'text-delta':
      return part.type === 'text' || part.type === 'refusal' ? { ...part, text: part.text + event.text } : part;
    case 'citation':
      return part.type === 'text' ? addCitation(part, event.citation) : part;
    case 'arguments-delta':
      return part.type === 'tool-call' ? { ...part, argumentsText: part.argumentsText + event.text } : part;
    case 'reasoning-delta':
      return part.type === 'reasoning' ? growReasoning(part, event.segment, event.text) : part;
    case 'capsule':
      return part.type === 'reasoning' || part.type === 'tool-call' ? addCapsule(part, event.capsule) : part;
  }
}

const addCitation = (part: TextPart, citation: NonNullable<TextPart['citations']>[number]): TextPart => ({
  ...part,
  citations: [...(part.citations ?? []), citation],
});

const addCapsule = <P extends ReasoningPart | ToolCallPart>(
  part: P,
  capsule: NonNullable<P['capsules']>[number],
): P => ({ ...part, capsules: [...(part.capsules ?? []), capsule] });

function growReasoning(part: ReasoningPart, segment: number, text: string): ReasoningPart {
  const segments = [...part.segments];
  while (segments.length <= Math.min(segment, part.segments.length)) segments.push('');
  segments[segments.length - 1] = (segments[segments.length - 1] ?? '') + text;
  return { ...part, segments };
}
