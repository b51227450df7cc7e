import { GatewayError, isJsonObject, tryParseJson, type ErrorKind, type JsonObject } from '@bytespike/kernel';
import {
  EFFORTS,
  type Citation,
  type Finish,
  type FinishReason,
  type GenerateRequest,
  type GenerateResponse,
  type ResponsePart,
} from '@bytespike/ir';

import { chatCompatibility } from '../compatibility/chat.js';
import { cutsCalls, mayBreakCalls } from '../cut-calls.js';
import { filled, given, group } from '../given.js';
import { lookUp } from '../look-up.js';
import type { Speaker } from '../protocol.js';
import { nameOfCall } from './decode-call.js';
import { BROKEN_FINISHES } from './errors.js';
import {
  readReasoning,
  reasoningToIr,
  signedCallToIr,
  systemToIr,
  turnsToIr,
  withArguments,
} from './messages-to-ir.js';
import type { WireAnnotation, WireRequest, WireResponse, WireToolCall } from './schema.js';
import { wholeTagged } from './think-tags.js';
import { TIER_TO_IR } from './tier.js';
import { choiceToIr, legacyToolToIr, searchToIr, toolToIr } from './tools-to-ir.js';
import { usageToIr } from './usage.js';

const protocol = 'openai-chat' as const;

/** The switch that most of the vendors who share this wire have (protocols 4). */
const THINKING = { enabled: 'on', disabled: 'off', adaptive: 'auto', auto: 'auto' } as const;

/** OpenAI's five words, and what the vendors that share this wire add (protocols 4). */
const FINISH = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'refusal',
  sensitive: 'refusal',
  model_context_window_exceeded: 'context-window',
} as const satisfies Record<string, FinishReason>;

export function requestToIr(wire: WireRequest): GenerateRequest {
  const { model, messages, tools, tool_choice, parallel_tool_calls, max_completion_tokens, max_tokens, ...more } = wire;
  const { temperature, top_p, n, stop, seed, frequency_penalty, presence_penalty, logit_bias, ...more2 } = more;
  const { logprobs, top_logprobs, response_format, reasoning_effort, thinking, verbosity, stream, ...more3 } = more2;
  const { stream_options, service_tier, metadata, store, safety_identifier, user, prompt_cache_key, ...more4 } = more3;
  const { functions, function_call, web_search_options, web_search, grounding, modalities, ...more5 } = more4;
  const { reasoning, ...rest } = more5;
  const { enabled, effort: reasoningEffort, ...reasoningRest } = reasoning ?? {};
  const askedEffort = reasoning_effort ?? reasoningEffort;
  const effort = EFFORTS.find((known) => known === askedEffort);
  const mode = lookUp(THINKING, thinking?.type) ?? switched(enabled);
  const want = lookUp(TIER_TO_IR, service_tier);
  // Words nobody knows are kept as they are, so that their loss is told.
  const unread: JsonObject = {
    ...(given(rest) as JsonObject),
    // Text alone is what every model answers with.
    ...(modalities?.some((modality) => modality !== 'text') && { modalities }),
    ...(askedEffort && !effort && { reasoning_effort: askedEffort }),
    ...group('reasoning', reasoningRest as JsonObject),
    ...(thinking && !lookUp(THINKING, thinking.type) ? { thinking: thinking as JsonObject } : {}),
    ...(service_tier && !want && { service_tier }),
  };
  const leading = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const systemCount = leading < 0 ? messages.length : leading;
  return {
    model,
    stream: stream ?? false,
    system: messages.slice(0, systemCount).map(systemToIr),
    turns: turnsToIr(messages.slice(systemCount), systemCount),
    tools: [
      ...(tools ?? []).map(toolToIr),
      ...(functions ?? []).map(legacyToolToIr),
      ...searchToIr({ web_search_options, web_search, grounding }),
    ],
    // The oldest form has room for one call.
    ...given({ toolChoice: choiceToIr({ tool_choice, function_call }), verbosity }),
    ...given({ parallelTools: functions && functions.length > 0 ? false : parallel_tool_calls }),
    ...given({ format: formatToIr(response_format), streamUsage: stream_options?.include_usage }),
    ...group('reasoning', { effort, mode }),
    ...group('sampling', {
      temperature,
      topP: top_p,
      candidates: n,
      stop: typeof stop === 'string' ? [stop] : stop,
      seed,
      // A penalty of nought penalises nothing, an empty map biases nothing; some clients always send them.
      frequencyPenalty: frequency_penalty || undefined,
      presencePenalty: presence_penalty || undefined,
      logitBias: filled(logit_bias) as JsonObject | undefined,
      logprobs: logprobs === true ? given({ top: top_logprobs }) : undefined,
    }),
    ...group('limits', { maxOutputTokens: max_completion_tokens ?? max_tokens }),
    ...group('caching', { key: prompt_cache_key }),
    ...group('state', { store }),
    ...group('tier', { want }),
    ...group('identity', {
      endUser: safety_identifier ?? user,
      endUserField: safety_identifier ? undefined : user && 'user',
      metadata: filled(metadata) as JsonObject | undefined,
    }),
    ...(Object.keys(unread).length > 0 && { extensions: { [protocol]: unread } }),
  };
}

const switched = (enabled: boolean | null | undefined): 'on' | 'off' | undefined =>
  typeof enabled === 'boolean' ? (enabled ? 'on' : 'off') : undefined;

function formatToIr(format: WireRequest['response_format']): GenerateRequest['format'] {
  if (!format) return undefined;
  if (format.type === 'text') return { kind: 'text' };
  if (format.type === 'json_object') return { kind: 'json-object' };
  const { schema, name, description, strict } = format.json_schema;
  return { kind: 'json-schema', schema: (schema ?? {}) as JsonObject, ...given({ name, description, strict }) };
}

type AnswerMessage = Partial<WireResponse['choices'][number]['message']>;

export function responseToIr(wire: WireResponse, from?: Speaker): GenerateResponse {
  const choice = wire.choices.find(({ index }) => (index ?? 0) === 0) ?? wire.choices[0];
  const message = choice?.message ?? {};
  const tagged = from && chatCompatibility(from.vendor, from.upstreamModel).thinkTags === 'in-text';
  const { reasoning, text } = tagged
    ? wholeTagged(message.content ?? '')
    : { reasoning: '', text: message.content ?? '' };
  const citations = (message.annotations ?? []).flatMap((annotation) => citationToIr(annotation, 0));
  const said: ResponsePart[] = [
    ...reasoningToIr(readReasoning(message) || reasoning),
    ...(text ? [{ type: 'text' as const, text, ...(citations.length > 0 && { citations }) }] : []),
    ...(message.refusal ? [{ type: 'refusal' as const, text: message.refusal }] : []),
  ];
  const calls = callsOf(message, wire.id).map(signedCallToIr);
  const finish = finishToIr(choice?.finish_reason, [...said, ...calls]);
  const parts = [...said, ...(cutsCalls(finish) ? calls : calls.map(withArguments))];
  const failure = findFailure({ ...finish, raw: choice?.finish_reason }, parts);
  if (failure) throw new GatewayError(failure.kind, failure.message);
  return {
    ...given({ id: wire.id, model: wire.model, createdAt: wire.created, tier: lookUp(TIER_TO_IR, wire.service_tier) }),
    parts,
    finish,
    ...given({ usage: wire.usage && usageToIr(wire.usage) }),
  };
}

/** The calls of an answer: in the oldest form there is one, without an id. */
function callsOf({ tool_calls, function_call }: AnswerMessage, id: WireResponse['id']): readonly WireToolCall[] {
  if (tool_calls?.length || !(function_call?.name || function_call?.arguments)) return tool_calls ?? [];
  const { name, arguments: text } = function_call;
  return [{ id: nameOfCall(id, 0), type: 'function', function: { name: name ?? '', arguments: text ?? '' } }];
}

/** Offsets on this wire count code points of the whole message; in the hub, of the part that began at `base`. */
export function citationToIr(annotation: WireAnnotation, base: number): Citation[] {
  const cited = annotation.url_citation;
  if (!cited) return [];
  const { url, title, start_index: start, end_index: end } = cited;
  const within = (offset: number | null | undefined) =>
    typeof offset === 'number' ? Math.max(0, offset - base) : undefined;
  return [given({ url, title, start: within(start), end: within(end) })];
}

type Spoken = Pick<ResponsePart, 'type'>;

/** A turn with calls ends for them whatever the vendor called it, unless it was cut (protocols 2.9). */
export function finishToIr(raw: string | null | undefined, parts: readonly Spoken[]): Finish {
  const reason = lookUp(FINISH, raw) ?? 'other';
  const plain = reason === 'stop' || reason === 'other' || reason === 'tool-calls';
  const calls = parts.some(({ type }) => type === 'tool-call');
  const refused = parts.some(({ type }) => type === 'refusal');
  const told = plain && calls ? 'tool-calls' : plain && refused ? 'refusal' : reason === 'tool-calls' ? 'stop' : reason;
  // A refusal in the model's own words ends like every other answer: the vendor's word for that explains nothing.
  return told === 'refusal' && plain ? { reason: told } : { reason: told, ...given({ raw }) };
}

export interface Failure {
  readonly kind: ErrorKind;
  readonly message: string;
}

/** An end in our word and, always, in the vendor's. */
interface RawFinish {
  readonly reason: FinishReason;
  readonly raw: string | null | undefined;
}

/** Why an answer that looks finished is not one: the vendor says so, or a call cannot be carried out. */
export function findFailure({ reason, raw }: RawFinish, parts: readonly ResponsePart[]): Failure | undefined {
  if (raw && BROKEN_FINISHES.has(raw))
    return { kind: 'upstream-transient', message: `The vendor ended its answer with "${raw}".` };
  if (mayBreakCalls({ reason })) return undefined;
  if (parts.some((part) => part.type === 'tool-call' && part.name === ''))
    return { kind: 'upstream-garbled', message: 'A tool call came without a name.' };
  const broken = parts.find(
    (part) => part.type === 'tool-call' && part.kind === 'function' && !isJsonObject(tryParseJson(part.argumentsText)),
  );
  if (!broken) return undefined;
  return { kind: 'upstream-garbled', message: 'The arguments of a tool call are not a JSON object.' };
}
