import { GatewayError, isJsonObject, tryParseJson, type ErrorKind, type JsonObject } from '@bytespike/kernel';
import {
  EFFORTS,
  type Finish,
  type FinishReason,
  type GenerateRequest,
  type GenerateResponse,
  type ResponsePart,
} from '@bytespike/ir';

import { cutsCalls, mayBreakCalls } from '../cut-calls.js';
import { failureIn } from '../errors/classify.js';
import { filled, given, group } from '../given.js';
import { lookUp } from '../look-up.js';
import { RESPONSES_CODES } from './errors.js';
import { inputToIr } from './items-to-ir.js';
import { argumentsOf, isCut, outputItemToIr, withoutArguments } from './output-to-ir.js';
import type { WireResponse } from './schema-events.js';
import type { WireFormat, WireRequest } from './schema.js';
import { TIER_TO_IR } from './tier.js';
import { choiceToIr, isWordless, toolsToIr } from './tools-to-ir.js';
import { usageToIr } from './usage.js';

const protocol = 'openai-responses' as const;

const INCOMPLETE = {
  max_output_tokens: 'length',
  max_messages: 'pause',
  content_filter: 'refusal',
  steered: 'pause',
} as const satisfies Record<string, FinishReason>;

/** What is asked for by `include` and always given, or said in a field of its own. */
const UNDERSTOOD_INCLUDES: readonly string[] = [
  'reasoning.encrypted_content',
  'web_search_call.action.sources',
  'message.output_text.logprobs',
];

export function requestToIr(wire: WireRequest): GenerateRequest {
  const { model, input, instructions, tools, tool_choice, parallel_tool_calls, stream, ...more } = wire;
  const { max_output_tokens, max_tool_calls, temperature, top_p, top_logprobs, text, reasoning, ...more2 } = more;
  // What is stored is the gateway's own business, so no vendor is asked about it (contract 0.6).
  const {
    include,
    store: _store,
    background,
    previous_response_id,
    conversation,
    service_tier,
    metadata,
    ...more3
  } = more2;
  const { safety_identifier, user, prompt_cache_key, response_format, ...more4 } = more3;
  const { stream_options: _streamOptions, ...rest } = more4;
  const { format, verbosity, ...textRest } = text ?? {};
  const { effort, summary, ...reasoningRest } = reasoning ?? {};
  const want = lookUp(TIER_TO_IR, service_tier);
  const knownEffort = EFFORTS.find((known) => known === effort);
  const read = inputToIr(input);
  const includes = (include ?? []).filter((name) => !UNDERSTOOD_INCLUDES.includes(name));
  const unread: JsonObject = {
    ...(given(rest) as JsonObject),
    ...group('text', textRest as JsonObject),
    ...group('reasoning', {
      ...(reasoningRest as JsonObject),
      ...(summary && summary !== 'auto' && { summary }),
      ...(effort && !knownEffort && { effort }),
    }),
    ...(includes.length > 0 && { include: includes }),
    ...(service_tier && !want && { service_tier }),
    ...(isWordless(tool_choice) && { tool_choice: tool_choice as JsonObject }),
  };
  const logprobs = top_logprobs || include?.includes('message.output_text.logprobs');
  return {
    model,
    stream: stream ?? false,
    system: [...instructionsToIr(instructions), ...read.system],
    turns: read.turns,
    tools: toolsToIr({ tools, input }),
    ...given({ toolChoice: choiceToIr(tool_choice), parallelTools: parallel_tool_calls, verbosity }),
    ...given({ format: formatToIr(format ?? flattened(response_format)) }),
    ...group('reasoning', { effort: knownEffort, show: summary ? ('summary' as const) : undefined }),
    ...group('sampling', { temperature, topP: top_p, logprobs: logprobs ? given({ top: top_logprobs }) : undefined }),
    ...group('limits', {
      maxOutputTokens: rest.prompt_cache_options?.prewarm ? 0 : max_output_tokens,
      maxToolCalls: max_tool_calls,
    }),
    ...group('caching', { key: prompt_cache_key }),
    ...group('state', {
      previousResponseId: previous_response_id,
      conversation: conversation as JsonObject | string | null | undefined,
      // An answer that somebody waits for is what every vendor gives.
      background: background || undefined,
    }),
    ...group('tier', { want }),
    ...group('identity', {
      endUser: safety_identifier ?? user,
      endUserField: safety_identifier ? undefined : user && 'user',
      metadata: filled(metadata) as JsonObject | undefined,
    }),
    ...(Object.keys(unread).length > 0 && { extensions: { [protocol]: unread } }),
  };
}

const instructionsToIr = (instructions: string | null | undefined): GenerateRequest['system'] =>
  instructions
    ? [{ role: 'system', slot: 'field', form: 'string', parts: [{ type: 'text', text: instructions }] }]
    : [];

const flattened = (format: WireRequest['response_format']): WireFormat | null | undefined =>
  format && 'json_schema' in format ? { ...(format.json_schema as object), type: 'json_schema' } : format;

function formatToIr(format: WireFormat | null | undefined): GenerateRequest['format'] {
  if (!format) return undefined;
  if (format.type === 'text') return { kind: 'text' };
  if (format.type === 'json_object') return { kind: 'json-object' };
  const { schema, name, description, strict } = format;
  return { kind: 'json-schema', schema: (schema ?? {}) as JsonObject, ...given({ name, description, strict }) };
}

export function responseToIr(wire: WireResponse): GenerateResponse {
  const failed = wire.status === 'failed' || wire.error ? failureOf(wire) : findUnfinished(wire);
  if (failed) throw new GatewayError(failed.kind, failed.message);
  const { parts, finish } = readOutput(wire);
  const failure = findFailure(finish, parts);
  if (failure) throw new GatewayError('upstream-garbled', failure);
  return {
    ...given({ id: wire.id, model: wire.model, createdAt: wire.created_at, tier: tierToIr(wire) }),
    parts,
    finish,
    ...given({ usage: usageToIr(wire) }),
  };
}

/** What was put out, and how it ended, which says of a last call without arguments whether it was cut. */
function readOutput(wire: WireResponse): Pick<GenerateResponse, 'parts' | 'finish'> {
  const items = wire.output.map((item) => outputItemToIr(item).map(withoutRaw));
  const finish = finishToIr(wire, items.flat());
  const last = wire.output.length - 1;
  const parts = items.flatMap((read, at) => {
    const item = wire.output[at];
    const cut = isCut(item) || (at === last && cutsCalls(finish));
    return cut && item && argumentsOf(item) === '' ? read.map(withoutArguments) : read;
  });
  return { parts, finish };
}

/** An answer is rendered from the hub; only nodes that nobody models stay as they came. */
export function withoutRaw(part: ResponsePart): ResponsePart {
  if (part.type === 'server-tool-call' || part.type === 'media') return part;
  const { raw: _raw, ...rest } = part;
  return rest;
}

/** The tier that served. While a response is on its way it repeats the wish, and `auto` never served anybody. */
export const tierToIr = ({ service_tier: tier }: Pick<WireResponse, 'service_tier'>): string | undefined =>
  tier === 'auto' ? undefined : lookUp(TIER_TO_IR, tier);

/** There is no stop reason on this wire: it follows from the status and from what was put out (protocols 1.2). */
export function finishToIr(
  { status, incomplete_details: details }: Pick<WireResponse, 'status' | 'incomplete_details'>,
  parts: readonly Pick<ResponsePart, 'type'>[],
): Finish {
  const has = (type: ResponsePart['type']): boolean => parts.some((part) => part.type === type);
  if (status === 'incomplete') {
    const reason = lookUp(INCOMPLETE, details?.reason) ?? 'other';
    return { reason, ...given({ raw: details?.reason }) };
  }
  const settled = status === undefined || status === null || status === 'completed';
  if (has('tool-call')) return { reason: 'tool-calls', ...given({ raw: status }) };
  if (!settled) return { reason: 'other', raw: status };
  // A refusal in the model's own words completes like every other answer: the status explains nothing of it.
  return has('refusal') ? { reason: 'refusal' } : { reason: 'stop', ...given({ raw: status }) };
}

/** What a response is while it is being made, and where it was given up. */
const UNFINISHED: readonly (string | null | undefined)[] = ['queued', 'in_progress', 'cancelled'];

/** Why what a vendor put out is not an answer: by its own word it has not come to an end. */
export const findUnfinished = ({ status }: Pick<WireResponse, 'status'>): ReturnType<typeof failureOf> | undefined =>
  UNFINISHED.includes(status)
    ? { kind: 'upstream-transient', message: `The vendor left its answer unfinished (${status}).` }
    : undefined;

/** Why an answer that looks finished is not one: a call in it cannot be carried out. */
export function findFailure(finish: Finish, parts: readonly ResponsePart[]): string | undefined {
  if (mayBreakCalls(finish)) return undefined;
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  if (calls.some(({ name, id }) => name === '' || id === '')) return 'A tool call came without a name or an id.';
  const broken = calls.some(
    ({ kind, argumentsText }) => kind === 'function' && !isJsonObject(tryParseJson(argumentsText)),
  );
  return broken ? 'The arguments of a tool call are not a JSON object.' : undefined;
}

/** What a vendor failed with, by its own word for it, from whatever record or body tells it. */
export function failureOf(told: object): { readonly kind: ErrorKind; readonly message: string } {
  const failure = failureIn(told as JsonObject, RESPONSES_CODES, {});
  return {
    kind: failure?.kind ?? 'upstream-transient',
    message: failure?.message ?? 'The vendor failed without saying why.',
  };
}
