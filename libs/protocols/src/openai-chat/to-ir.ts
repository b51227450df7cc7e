import { GatewayError, isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';
import {
  EFFORTS,
  type Citation,
  type Finish,
  type FinishReason,
  type GenerateRequest,
  type GenerateResponse,
  type Part,
  type ReasoningPart,
  type ResponsePart,
  type SystemSegment,
  type TextPart,
  type Tier,
  type ToolCallPart,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
} from '@bytespike/ir';

import { given, group } from '../given.js';
import { lookUp } from '../look-up.js';
import { contentToIr } from './parts-to-ir.js';
import type {
  WireAnnotation,
  WireDelta,
  WireMessage,
  WireRequest,
  WireResponse,
  WireTool,
  WireToolCall,
} from './schema.js';
import { usageToIr } from './usage.js';

const protocol = 'openai-chat' as const;

export const TIER = {
  auto: 'auto',
  default: 'standard',
  flex: 'flex',
  scale: 'scale',
  priority: 'priority',
  fast: 'fast',
} as const satisfies Record<string, NonNullable<Tier['want']>>;

/** OpenAI's five words, and what the vendors that share this wire add (protocols 4). */
export const FINISH = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'refusal',
  sensitive: 'refusal',
  model_context_window_exceeded: 'context-window',
} as const satisfies Record<string, FinishReason>;

/** Words by which a vendor says, in a finished answer, that it failed. */
const FAILED: readonly string[] = ['network_error', 'insufficient_system_resource', 'error'];

const rawOf = (value: object) => ({ raw: { protocol, value: value as JsonObject } });

export function requestToIr(wire: WireRequest): GenerateRequest {
  const { model, messages, tools, tool_choice, parallel_tool_calls, max_completion_tokens, max_tokens, ...more } = wire;
  const { temperature, top_p, n, stop, seed, frequency_penalty, presence_penalty, logit_bias, ...more2 } = more;
  const { logprobs, top_logprobs, response_format, reasoning_effort, thinking, verbosity, stream, ...more3 } = more2;
  const { stream_options, service_tier, metadata, store, safety_identifier, user, prompt_cache_key, ...rest } = more3;
  const leading = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const systemCount = leading < 0 ? messages.length : leading;
  return {
    model,
    stream: stream ?? false,
    system: messages.slice(0, systemCount).map(systemToIr),
    turns: messages.slice(systemCount).map(turnToIr),
    tools: (tools ?? []).map(toolToIr),
    ...given({ toolChoice: choiceToIr(tool_choice), parallelTools: parallel_tool_calls, verbosity }),
    ...given({ format: formatToIr(response_format), streamUsage: stream_options?.include_usage }),
    ...group('reasoning', {
      effort: EFFORTS.find((known) => known === reasoning_effort),
      mode: thinking?.type === 'disabled' ? 'off' : thinking?.type === 'enabled' ? 'on' : undefined,
    } as const),
    ...group('sampling', {
      temperature,
      topP: top_p,
      candidates: n,
      stop: typeof stop === 'string' ? [stop] : stop,
      seed,
      frequencyPenalty: frequency_penalty,
      presencePenalty: presence_penalty,
      logitBias: logit_bias as JsonObject | null | undefined,
      logprobs: logprobs === true ? given({ top: top_logprobs }) : undefined,
    }),
    ...group('limits', { maxOutputTokens: max_completion_tokens ?? max_tokens }),
    ...group('caching', { key: prompt_cache_key }),
    ...group('state', { store }),
    ...group('tier', { want: lookUp(TIER, service_tier) }),
    ...group('identity', {
      endUser: safety_identifier ?? user,
      metadata: metadata as JsonObject | null | undefined,
    }),
    ...(Object.keys(rest).length > 0 && { extensions: { [protocol]: rest as JsonObject } }),
  };
}

function systemToIr(message: WireMessage): SystemSegment {
  const { role, content } = message;
  return {
    role: role === 'developer' ? 'developer' : 'system',
    slot: 'message',
    form: typeof content === 'string' ? 'string' : 'parts',
    parts: contentToIr(content).filter((part): part is TextPart => part.type === 'text'),
    ...rawOf(message),
  };
}

function turnToIr(message: WireMessage, index: number): Turn {
  const { role, content, name } = message;
  const form = typeof content === 'string' ? 'string' : 'parts';
  return { role, form, parts: turnParts(message, index), ...given({ name }), ...rawOf(message) };
}

function turnParts(message: WireMessage, index: number): readonly Part[] {
  const { role, content, tool_call_id: callId, tool_calls, refusal } = message;
  if (role === 'tool') {
    if (!callId)
      throw new GatewayError('invalid-request', `messages.${index}.tool_call_id: required on a tool message.`);
    const parts = contentToIr(content).filter((part) => part.type === 'text' || part.type === 'media');
    return [{ type: 'tool-result', callId, form: typeof content === 'string' ? 'string' : 'parts', content: parts }];
  }
  if (role !== 'assistant') return contentToIr(content);
  return [
    ...reasoningToIr(message),
    ...contentToIr(content),
    ...(refusal ? [{ type: 'refusal', text: refusal } as const] : []),
    ...(tool_calls ?? []).map(callToIr),
  ];
}

/** What was thought, from whichever field holds it; vendors that fill two of them repeat themselves. */
export function readReasoning(
  fields: Pick<WireDelta, 'reasoning_content' | 'reasoning' | 'reasoning_details'>,
): string {
  const details = (fields.reasoning_details ?? []).map(({ text }) => text ?? '').join('');
  return fields.reasoning_content || fields.reasoning || details;
}

function reasoningToIr(
  message: Pick<WireMessage, 'reasoning_content' | 'reasoning' | 'reasoning_details'>,
): ReasoningPart[] {
  const text = readReasoning(message);
  if (text === '') return [];
  return [{ type: 'reasoning', visibility: 'full', segments: [text], capsules: [PLAIN_REASONING] }];
}

/** On this wire the text itself is the state; which vendor wrote it, the wire cannot say. */
export const PLAIN_REASONING = { origin: { protocol }, kind: 'plain-reasoning', data: '' } as const;

const callToIr = (call: WireToolCall): ToolCallPart =>
  'custom' in call && call.type === 'custom'
    ? { type: 'tool-call', id: call.id, name: call.custom.name, kind: 'custom', argumentsText: call.custom.input }
    : {
        type: 'tool-call',
        id: call.id,
        name: call.function.name,
        kind: 'function',
        argumentsText: call.function.arguments === '' ? '{}' : call.function.arguments,
      };

function toolToIr(tool: WireTool): ToolDefinition {
  if (tool.type === 'custom') {
    const { name, description, format } = tool.custom;
    const grammar = format && format['type'] !== 'text' ? (format as JsonObject) : undefined;
    return { kind: 'custom', name, ...given({ description, grammar }), ...rawOf(tool) };
  }
  const { name, description, parameters, strict } = tool.function;
  return {
    kind: 'function',
    name,
    ...given({ description, strict, parameters: parameters as JsonObject | null | undefined }),
    ...rawOf(tool),
  };
}

function choiceToIr(choice: WireRequest['tool_choice']): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return { mode: choice };
  if (choice.type === 'function') return { mode: 'one', name: choice.function.name, kind: 'function' };
  if (choice.type === 'custom') return { mode: 'one', name: choice.custom.name, kind: 'custom' };
  const { mode, tools } = choice.allowed_tools;
  const names = tools.flatMap(({ name, function: called, custom }) =>
    [called, custom, { name }].flatMap((holder) =>
      typeof (holder as { name?: unknown } | undefined)?.name === 'string' ? [(holder as { name: string }).name] : [],
    ),
  );
  return { mode: 'allowed', names, required: mode === 'required' };
}

function formatToIr(format: WireRequest['response_format']): GenerateRequest['format'] {
  if (!format) return undefined;
  if (format.type === 'text') return { kind: 'text' };
  if (format.type === 'json_object') return { kind: 'json-object' };
  const { schema, name, description, strict } = format.json_schema;
  return { kind: 'json-schema', schema: (schema ?? {}) as JsonObject, ...given({ name, description, strict }) };
}

export function responseToIr(wire: WireResponse): GenerateResponse {
  const [choice] = wire.choices;
  const message = choice?.message ?? {};
  const citations = (message.annotations ?? []).flatMap(citationToIr);
  const parts: ResponsePart[] = [
    ...reasoningToIr(message),
    ...(message.content
      ? [{ type: 'text' as const, text: message.content, ...(citations.length > 0 && { citations }) }]
      : []),
    ...(message.refusal ? [{ type: 'refusal' as const, text: message.refusal }] : []),
    ...(message.tool_calls ?? []).map(callToIr),
  ];
  const failure = findFailure(choice?.finish_reason, parts);
  if (failure) throw new GatewayError('upstream-garbled', failure);
  return {
    ...given({ id: wire.id, model: wire.model, createdAt: wire.created, tier: lookUp(TIER, wire.service_tier) }),
    parts,
    finish: finishToIr(choice?.finish_reason, parts),
    ...given({ usage: wire.usage && usageToIr(wire.usage) }),
  };
}

export function citationToIr(annotation: WireAnnotation): Citation[] {
  const cited = annotation.url_citation;
  if (!cited) return [];
  const { url, title, start_index: start, end_index: end } = cited;
  return [{ ...given({ url, title, start, end }), ...rawOf(annotation) }];
}

type Spoken = Pick<ResponsePart, 'type'>;

/** A turn with calls ends for them whatever the vendor called it, unless it was cut (protocols 2.9). */
export function finishToIr(raw: string | null | undefined, parts: readonly Spoken[]): Finish {
  const reason = lookUp(FINISH, raw) ?? 'other';
  const plain = reason === 'stop' || reason === 'other' || reason === 'tool-calls';
  const calls = parts.some(({ type }) => type === 'tool-call');
  const refused = parts.some(({ type }) => type === 'refusal');
  const told = plain && calls ? 'tool-calls' : plain && refused ? 'refusal' : reason === 'tool-calls' ? 'stop' : reason;
  return { reason: told, ...given({ raw }) };
}

/** Why an answer that looks finished is not one: the vendor says so, or a call cannot be carried out. */
export function findFailure(raw: string | null | undefined, parts: readonly ResponsePart[]): string | undefined {
  if (raw && FAILED.includes(raw)) return `The vendor ended its answer with "${raw}".`;
  if (raw === 'length') return undefined;
  const broken = parts.find(
    (part) => part.type === 'tool-call' && part.kind === 'function' && !isJsonObject(tryParseJson(part.argumentsText)),
  );
  return broken ? 'The arguments of a tool call are not a JSON object.' : undefined;
}
