import type { JsonObject } from '@bytespike/kernel';
import {
  EFFORTS,
  type FinishReason,
  type GenerateRequest,
  type GenerateResponse,
  type Part,
  type ReasoningRequest,
  type ResponsePart,
  type SystemSegment,
  type Turn,
} from '@bytespike/ir';

import { cutsCalls } from '../cut-calls.js';
import { given, group } from '../given.js';
import { lookUp } from '../look-up.js';
import { blockToIr, cacheOf, rawOf, textToIr, UNSIGNED_THOUGHT } from './blocks-to-ir.js';
import type { WireFormat, WireMessage, WireRequest, WireResponse } from './schema.js';
import { choiceToIr, parallelToIr, toolToIr } from './tools-to-ir.js';
import { usageToIr } from './usage.js';
import { searchesElsewhere } from './web-search.js';

const protocol = 'anthropic-messages' as const;

const THINKING = {
  enabled: 'on',
  adaptive: 'auto',
  between_tools: 'between-tools',
  disabled: 'off',
} as const satisfies Record<string, NonNullable<ReasoningRequest['mode']>>;

const DISPLAY = { summarized: 'summary', omitted: 'omitted', updates: 'updates' } as const;
const TIER = { auto: 'auto', standard_only: 'standard' } as const;
const SPEED = { standard: 'standard', fast: 'fast' } as const;

const FINISH = {
  end_turn: 'stop',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-window',
  compaction: 'compaction',
} as const satisfies Record<string, FinishReason>;

/** A client's own bookkeeping, sent as the first system block; it changes with every prompt. */
const ATTRIBUTION = 'x-anthropic-billing-header:';

export function requestToIr(wire: WireRequest): GenerateRequest {
  const { model, max_tokens, messages, system, stream, tools, tool_choice, thinking, output_config, ...more } = wire;
  const { stop_sequences, temperature, top_p, top_k, metadata, service_tier, speed, cache_control, ...more2 } = more;
  const { output_format, ...rest } = more2;
  const { effort, format, ...outputRest } = output_config ?? {};
  const { user_id, ...metadataRest } = metadata ?? {};
  const mode = lookUp(THINKING, thinking?.type);
  const knownEffort = EFFORTS.find((known) => known === effort);
  const want = lookUp(TIER, service_tier);
  const unread: JsonObject = {
    ...(given(rest) as JsonObject),
    ...(thinking && !mode ? { thinking: thinking as JsonObject } : {}),
    ...(service_tier && !want && { service_tier }),
    ...group('output_config', { ...(outputRest as JsonObject), ...(effort && !knownEffort && { effort }) }),
    ...group('metadata', metadataRest as JsonObject),
  };
  return {
    model,
    stream: stream ?? false,
    system: systemToIr(system),
    turns: messages.map(turnToIr),
    tools: (tools ?? []).map(toolToIr),
    limits: { maxOutputTokens: max_tokens },
    ...given({ toolChoice: choiceToIr(tool_choice, tools), parallelTools: parallelToIr(tool_choice) }),
    ...group('reasoning', {
      mode,
      effort: knownEffort,
      budgetTokens: thinking?.budget_tokens,
      show: lookUp(DISPLAY, thinking?.display),
    } satisfies Record<keyof ReasoningRequest, unknown>),
    ...given({ format: formatToIr(format ?? output_format) }),
    ...group('sampling', { temperature, topP: top_p, topK: top_k, stop: stop_sequences }),
    ...group('caching', { auto: cacheOf(cache_control).cache }),
    ...group('tier', { want, speed: lookUp(SPEED, speed) }),
    ...group('identity', { endUser: user_id }),
    ...(Object.keys(unread).length > 0 && { extensions: { [protocol]: unread } }),
  };
}

const formatToIr = (format: WireFormat | null | undefined): GenerateRequest['format'] =>
  format?.type === 'json_schema'
    ? { kind: 'json-schema', schema: (format.schema ?? {}) as JsonObject, strict: true }
    : undefined;

function systemToIr(system: WireRequest['system']): readonly SystemSegment[] {
  if (system === undefined || system === null) return [];
  if (typeof system === 'string')
    return [{ role: 'system', slot: 'field', form: 'string', parts: [{ type: 'text', text: system }] }];
  return system.map((block) => ({
    role: 'system',
    slot: 'field',
    form: 'parts',
    parts: [{ ...textToIr(block), ...(block.text.startsWith(ATTRIBUTION) && { attribution: true }) }],
    ...rawOf(block),
  }));
}

function turnToIr(message: WireMessage): Turn {
  const { role, content } = message;
  if (typeof content === 'string')
    return { role, form: 'string', parts: [{ type: 'text', text: content }], ...rawOf(message) };
  const elsewhere = searchesElsewhere(content);
  const parts = content.map(blockToIr);
  if (elsewhere.size === 0) return { role, form: 'parts', parts, ...rawOf(message) };
  return { role, form: 'parts', parts: parts.map((part) => (isCallOf(part, elsewhere) ? foreign(part) : part)) };
}

/** The call behind a search of another vendor is no more this wire's own than what was found (L71). */
const isCallOf = (part: Part, searches: ReadonlySet<string>): boolean =>
  part.type === 'server-tool-call' && searches.has(part.id);

const foreign = ({ raw: _raw, ...part }: Part): Part => part;

export function responseToIr(wire: WireResponse): GenerateResponse {
  const parts = wire.content.map(blockToIr).filter(isResponsePart).map(withoutRaw).map(withOwnState);
  const finish = finishToIr(wire, parts.some(({ type }) => type === 'tool-call') ? 'calls' : 'none');
  return {
    id: wire.id,
    model: wire.model,
    parts: cutsCalls(finish) ? withCutCall(parts) : parts,
    finish,
    ...given({ usage: wire.usage && usageToIr(wire.usage), tier: wire.usage?.service_tier }),
  };
}

/** The last call of an answer that was cut: its input is an object even where none of it had come. */
function withCutCall(parts: readonly ResponsePart[]): readonly ResponsePart[] {
  const last = parts.at(-1);
  return last?.type === 'tool-call' && last.argumentsText === '{}'
    ? [...parts.slice(0, -1), { ...last, argumentsText: '' }]
    : parts;
}

interface Ending {
  readonly stop_reason?: string | null | undefined;
  readonly stop_sequence?: string | null | undefined;
  readonly stop_details?: WireResponse['stop_details'];
}

/**
 * The reason, and what belongs to it, of a finished message or a `message_delta`. A turn with calls ends for them
 * whatever its vendor called it, unless it was cut (protocols 2.9).
 */
export function finishToIr(wire: Ending, calls: 'calls' | 'none'): GenerateResponse['finish'] {
  const told = lookUp(FINISH, wire.stop_reason) ?? 'other';
  const plain = told === 'stop' || told === 'other';
  const reason = calls === 'calls' && plain ? 'tool-calls' : calls === 'none' && told === 'tool-calls' ? 'stop' : told;
  return {
    reason,
    ...given({ raw: wire.stop_reason, stopSequence: wire.stop_sequence }),
    ...group('refusal', { category: wire.stop_details?.category, explanation: wire.stop_details?.explanation }),
  };
}

const isResponsePart = (part: Part): part is ResponsePart =>
  part.type !== 'document' && part.type !== 'search-result' && part.type !== 'tool-result';

const withOwnState = (part: ResponsePart): ResponsePart =>
  part.type === 'reasoning' && part.capsules === undefined ? { ...part, capsules: [UNSIGNED_THOUGHT] } : part;

/** An answer is rendered from the hub; only blocks nobody models stay as they came. */
function withoutRaw(part: ResponsePart): ResponsePart {
  if (part.type === 'server-tool-call' || part.type === 'server-tool-result') return part;
  const { raw: _raw, ...rest } = part;
  return rest;
}
