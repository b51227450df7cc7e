import type { JsonObject } from '@bytespike/kernel';
import type {
  Citation,
  Encoded,
  Finish,
  FinishReason,
  GenerateRequest,
  GenerateResponse,
  Sampling,
  Tier,
} from '@bytespike/ir';

import { chatCompatibility, type ChatCompatibility } from '../compatibility/chat.js';
import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { createLossList, dropFields, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { messagesFromIr } from './messages-from-ir.js';
import { reasoningFromIr, thinks } from './reasoning-from-ir.js';
import type { WireAnnotation, WireRequest, WireResponse } from './schema.js';
import { choiceFromIr, parallelFromIr, toolsFromIr } from './tools-from-ir.js';
import { usageFromIr } from './usage.js';

const protocol = 'openai-chat' as const;

export const TIER = {
  auto: 'auto',
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
  scale: 'scale',
  fast: 'fast',
  ultrafast: 'fast',
} as const satisfies Record<NonNullable<Tier['want']>, string>;

const FINISH_REASON = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-window': 'length',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  pause: 'length',
  compaction: 'length',
  other: 'stop',
} as const satisfies Record<FinishReason, string>;

export function requestFromIr(ir: GenerateRequest, { vendor }: Addressee): Encoded<WireRequest> {
  const { model, stream, system, turns, tools, toolChoice, parallelTools, reasoning, format, ...more } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _asked, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  const to = chatCompatibility(vendor, model);
  const losses = createLossList();
  const thinking = thinks(reasoning, to) ? 'on' : 'off';
  const maxOutput = limits?.maxOutputTokens;
  if (maxOutput === 0) losses.drop('L64', 'limits.maxOutputTokens');
  dropFields(losses, 'limits', limits, { maxToolCalls: 'L82' });
  dropFields(losses, 'state', state, { previousResponseId: 'L80', conversation: 'L80', background: 'L80' });
  dropFields(losses, 'caching', caching, { auto: 'L83' });
  const wireTools = toolsFromIr(tools, to, losses);
  const wire: WireRequest = {
    model,
    messages: messagesFromIr({ system, turns }, { vendor, to, thinking, losses }),
    ...(wireTools.length > 0 && { tools: wireTools }),
    ...choiceFromIr(toolChoice, wireTools, thinking, to, losses),
    ...parallelFromIr(parallelTools, wireTools, to, losses),
    ...given({ [to.maxTokensField]: maxOutput }),
    ...samplingFromIr(sampling, thinking, to, losses),
    ...reasoningFromIr(reasoning, to, losses),
    ...formatFromIr(format, to, losses),
    ...userFromIr(identity?.endUser, to, losses),
    ...ownFieldsFromIr({ verbosity, tier, caching, state, identity }, to, losses),
    // Usage is always asked for: the request is billed by it, and the caller's dialect may owe it.
    ...(stream && { stream, stream_options: { include_usage: true } }),
    ...to.always,
    ...extensions?.[protocol],
  };
  return { wire, losses: losses.list };
}

const SAMPLING_LOSS = {
  temperature: 'L60',
  topP: 'L60',
  seed: 'L60',
  frequencyPenalty: 'L60',
  presencePenalty: 'L60',
  logitBias: 'L63',
  logprobs: 'L63',
} as const;

function samplingFromIr(
  sampling: Sampling | undefined,
  thinking: 'on' | 'off',
  to: ChatCompatibility,
  losses: LossList,
): Partial<WireRequest> {
  if (!sampling) return {};
  const { stop, topK, candidates, ...tuning } = sampling;
  if (topK !== undefined) losses.drop('L60', 'sampling.topK');
  const tuned = to.sampling === 'send' || (to.sampling === 'unless-thinking' && thinking === 'off');
  if (!tuned) dropFields(losses, 'sampling', tuning, SAMPLING_LOSS);
  const stops = stop?.slice(0, to.stopMax) ?? [];
  if (stop && stop.length > stops.length) losses.drop('L61', 'sampling.stop');
  const { temperature, topP, seed, frequencyPenalty, presencePenalty, logitBias, logprobs } = tuned ? tuning : {};
  return given({
    temperature,
    top_p: topP,
    seed,
    frequency_penalty: frequencyPenalty,
    presence_penalty: presencePenalty,
    logit_bias: logitBias,
    logprobs: logprobs ? true : undefined,
    top_logprobs: logprobs?.top,
    n: candidates,
    stop: stops.length > 0 ? stops : undefined,
  });
}

function formatFromIr(
  format: GenerateRequest['format'],
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'response_format'> {
  if (!format) return {};
  if (format.kind === 'text') return { response_format: { type: 'text' } };
  if (format.kind === 'json-object') return { response_format: { type: 'json_object' } };
  if (to.jsonSchema === 'reject') {
    losses.drop('L50', 'format');
    return {};
  }
  const { schema, name = 'response', description, strict } = format;
  return { response_format: { type: 'json_schema', json_schema: { name, schema, ...given({ description, strict }) } } };
}

function userFromIr(endUser: string | undefined, to: ChatCompatibility, losses: LossList): Partial<WireRequest> {
  if (endUser === undefined) return {};
  const { userField } = to;
  if (userField && endUser.length >= userField.lengths[0] && endUser.length <= userField.lengths[1])
    return { [userField.name]: endUser };
  losses.drop('L82', 'identity.endUser');
  return {};
}

type OwnFields = Pick<GenerateRequest, 'verbosity' | 'tier' | 'caching' | 'state' | 'identity'>;

/** Fields with the meaning their inventor gave them; a look-alike that swallows one has not understood it. */
function ownFieldsFromIr(fields: OwnFields, to: ChatCompatibility, losses: LossList): Partial<WireRequest> {
  const { verbosity, tier, caching, state, identity } = fields;
  if (tier?.speed === 'fast') losses.drop('L82', 'tier.speed');
  if (to.ownFields === 'send')
    return given({
      verbosity,
      service_tier: tier?.want && TIER[tier.want],
      prompt_cache_key: caching?.key,
      store: state?.store,
      metadata: identity?.metadata,
    });
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (tier?.want !== undefined && tier.want !== 'auto') losses.drop('L82', 'tier.want');
  dropFields(losses, 'caching', caching, { key: 'L83' });
  if (state?.store === true) losses.drop('L82', 'state.store');
  dropFields(losses, 'identity', identity, { metadata: 'L82' });
  return {};
}

export function responseFromIr(ir: GenerateResponse): Encoded<WireResponse> {
  const { id, model, createdAt, parts, finish, usage, tier, ...unhandled } = ir;
  unhandled satisfies Record<string, never>;
  const losses = createLossList();
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const refusal = parts.flatMap((part) => (part.type === 'refusal' ? [part.text] : [])).join('');
  const thoughts = parts.flatMap((part) => (part.type === 'reasoning' ? part.segments : []));
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  const annotations = parts.flatMap((part) =>
    part.type === 'text' ? (part.citations ?? []).flatMap(ownCitation) : [],
  );
  parts.forEach(({ type }, index) => {
    if (type === 'media') losses.drop('L14', `parts.${index}`);
    if (type === 'opaque' || type === 'server-tool-call' || type === 'server-tool-result')
      losses.drop('L71', `parts.${index}`);
  });
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...(thoughts.length > 0 && { reasoning_content: thoughts.join('\n\n') }),
    ...(annotations.length > 0 && { annotations }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id: callId, name, kind, argumentsText }) =>
        kind === 'custom'
          ? { id: callId, type: 'custom' as const, custom: { name, input: argumentsText } }
          : { id: callId, type: 'function' as const, function: { name, arguments: argumentsText } },
      ),
    }),
  };
  return {
    wire: {
      id: completionId(id),
      object: 'chat.completion',
      created: createdAt ?? 0,
      model: model ?? '',
      choices: [{ index: 0, message, finish_reason: finishFromIr(finish, refusal), logprobs: null }],
      ...(usage && { usage: usageFromIr(usage) }),
      ...given({ service_tier: lookUp(TIER, tier) }),
    },
    losses: losses.list,
  };
}

/** A citation this wire wrote itself. */
export const ownCitation = ({ raw }: Citation): WireAnnotation[] =>
  raw?.protocol === protocol ? [raw.value as JsonObject as WireAnnotation] : [];

/** A refusal in the model's own words is a message that stopped; a classifier's cut is a filter. */
export const finishFromIr = ({ reason }: Finish, refusal: string): string =>
  reason === 'refusal' && refusal !== '' ? 'stop' : FINISH_REASON[reason];

/** Ids on this wire begin with `chatcmpl-`; another vendor's keeps its own letters behind that. */
export const completionId = (id: string | undefined): string =>
  id?.startsWith('chatcmpl-') ? id : `chatcmpl-${id ?? 'unnamed'}`;
