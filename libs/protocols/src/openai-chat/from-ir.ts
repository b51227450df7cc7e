import type { JsonObject } from '@bytespike/kernel';
import type { Encoded, GenerateRequest, Sampling } from '@bytespike/ir';

import { limitMarks, type MarkRules } from '../cache-marks.js';
import { chatCompatibility, type ChatCompatibility } from '../compatibility/chat.js';
import { given } from '../given.js';
import { projectResponseSchema } from '../json-schema/project-schema.js';
import { lookUp } from '../look-up.js';
import { createLossList, dropFields, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { messagesFromIr } from './messages-from-ir.js';
import { reasoningFromIr, thinks } from './reasoning-from-ir.js';
import type { WireRequest } from './schema.js';
import { TIER_FROM_IR } from './tier.js';
import { allowedTools, choiceFromIr, parallelFromIr, searchFromIr, toolsFromIr } from './tools-from-ir.js';

const protocol = 'openai-chat' as const;

/** A mark without a lifetime has the shortest, which is half an hour; an hour is rounded up to the next (2.12). */
const MARKS: Omit<MarkRules, 'marksMax'> = {
  protocol,
  field: 'prompt_cache_breakpoint',
  lifetimes: { '5m': '5m', '30m': '30m', '1h': '12h', '12h': '12h' },
  lifetimesMix: 'freely',
};

export function requestFromIr(asked: GenerateRequest, { vendor }: Addressee): Encoded<WireRequest> {
  const to = chatCompatibility(vendor, asked.model);
  const losses = createLossList();
  const marked = to.cacheMarksMax > 0 ? withMarkableTools(asked, losses) : asked;
  const ir = limitMarks(marked, { ...MARKS, marksMax: to.cacheMarksMax }, losses);
  const { model, stream, system, turns, tools, toolChoice, parallelTools, reasoning, format, ...more } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _asked, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  const thinking = thinks(reasoning, to) ? 'on' : 'off';
  // This wire has no word for an answer of nothing, and refuses the number.
  if (limits?.maxOutputTokens === 0) losses.drop('L64', 'limits.maxOutputTokens');
  dropFields(losses, 'limits', limits, { maxToolCalls: 'L82' });
  dropFields(losses, 'state', state, { previousResponseId: 'L80', conversation: 'L80', background: 'L80' });
  dropFields(losses, 'caching', caching, { auto: 'L83' });
  const offered = allowedTools(tools, toolChoice, to, losses);
  const wireTools = toolsFromIr(offered, to, losses);
  const search = searchFromIr(offered, to, losses);
  const messages = messagesFromIr({ system, turns }, { vendor, to, thinking, losses });
  const wire: WireRequest = {
    model,
    messages,
    ...(wireTools.length > 0 && { tools: wireTools }),
    ...search,
    ...choiceFromIr(toolChoice, { tools: wireTools, searches: 'web_search_options' in search, thinking, to, losses }),
    ...parallelFromIr(parallelTools, wireTools, to, losses),
    ...given({ [to.maxTokensField]: limits?.maxOutputTokens || undefined }),
    ...samplingFromIr(sampling, thinking, to, losses),
    ...preserved(reasoningFromIr(reasoning, to, losses), { messages, thinking, to }),
    ...formatFromIr({ format, turns }, to, losses),
    ...userFromIr(identity?.endUser, to, losses),
    ...ownFieldsFromIr({ verbosity, tier, caching, state, identity }, to, losses),
    // Usage is always asked for: the request is billed by it, and the caller's dialect may owe it.
    ...(stream && { stream, stream_options: { include_usage: true } }),
    ...to.always,
    ...extrasOf(extensions?.[protocol], to, losses),
  };
  return { wire, losses: losses.list };
}

/** Tools cannot be marked here: their mark moves to the first instructions behind them (protocols 2.12). */
function withMarkableTools(ir: GenerateRequest, losses: LossList): GenerateRequest {
  const cache = ir.tools.findLast((tool) => tool.cache)?.cache;
  const place = ir.system.findIndex(({ parts }) => parts.some((part) => part.type === 'text' && !part.attribution));
  if (!cache || place < 0) return ir;
  ir.tools.forEach((tool, index) => {
    if (tool.cache) losses.approximate('L83', `tools.${index}.cache_control`);
  });
  const system = ir.system.map((segment, index) => {
    const [part, ...parts] = segment.parts;
    if (index !== place || !part) return segment;
    const marked = { cache, ...withoutRaw(part) } as typeof part;
    return { ...withoutRaw(segment), parts: [marked, ...parts] };
  });
  return { ...ir, system, tools: ir.tools.map(({ cache: _cache, ...tool }) => tool) };
}

function withoutRaw<N extends { readonly raw?: unknown }>({ raw: _raw, ...node }: N): Omit<N, 'raw'> {
  return node;
}

/** Fields of the wire's owner that a look-alike swallows; what nobody knows may be the vendor's own. */
function extrasOf(extras: JsonObject | undefined, to: ChatCompatibility, losses: LossList): JsonObject {
  const entries = Object.entries(extras ?? {}).filter(([field]) => {
    const code = to.ownFields === 'drop' ? lookUp(FOREIGN_FIELDS, field) : undefined;
    if (code) losses.drop(code, `extensions.${field}`);
    return !code;
  });
  return Object.fromEntries(entries);
}

/** Earlier reasoning is sent to be read: some vendors clear it unless they are told to keep it (protocols 4.3). */
function preserved(
  asked: Pick<WireRequest, 'thinking' | 'reasoning_effort'>,
  { messages, thinking, to }: Pick<WireRequest, 'messages'> & { thinking: 'on' | 'off'; to: ChatCompatibility },
): Pick<WireRequest, 'thinking' | 'reasoning_effort'> {
  const { preservedThinking } = to;
  const replayed = thinking === 'on' && messages.some((message) => to.reasoningField in message);
  if (!replayed || Object.keys(preservedThinking).length === 0 || to.thinking.on === undefined) return asked;
  return { ...asked, thinking: { type: to.thinking.on, ...asked.thinking, ...preservedThinking } };
}

const SAMPLING_LOSS = {
  temperature: 'L60',
  topP: 'L60',
  seed: 'L60',
  frequencyPenalty: 'L60',
  presencePenalty: 'L60',
  logitBias: 'L63',
} as const;

function samplingFromIr(
  sampling: Sampling | undefined,
  thinking: 'on' | 'off',
  to: ChatCompatibility,
  losses: LossList,
): Partial<WireRequest> {
  if (!sampling) return {};
  const { stop, topK, candidates = 1, logprobs, ...tuning } = sampling;
  if (topK !== undefined) losses.drop('L60', 'sampling.topK');
  // The hub carries one answer, and none of its odds.
  if (candidates > 1) losses.drop('L62', 'sampling.candidates');
  if (logprobs) losses.drop('L63', 'sampling.logprobs');
  const tuned = to.sampling === 'send' || (to.sampling === 'unless-thinking' && thinking === 'off');
  if (!tuned) dropFields(losses, 'sampling', tuning, SAMPLING_LOSS);
  const stops = stop?.slice(0, to.stopMax) ?? [];
  if (stop && stop.length > stops.length) losses.drop('L61', 'sampling.stop');
  const { temperature, topP, seed, frequencyPenalty, presencePenalty, logitBias } = tuned ? tuning : {};
  return given({
    temperature,
    top_p: topP,
    seed,
    frequency_penalty: frequencyPenalty,
    presence_penalty: presencePenalty,
    logit_bias: logitBias,
    stop: stops.length > 0 ? stops : undefined,
  });
}

/** A promise to the client: what the vendor cannot hold itself to is refused, not weakened (protocols 2.7). */
function formatFromIr(
  { format, turns }: Pick<GenerateRequest, 'format' | 'turns'>,
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'response_format'> {
  if (!format) return {};
  const own = turns.some(({ raw }) => raw?.protocol === protocol);
  if (format.kind === 'text') return { response_format: { type: 'text' } };
  if (format.kind === 'json-object') return { response_format: { type: 'json_object' } };
  if (to.jsonSchema === 'reject') {
    losses.drop('L50', 'format');
    return {};
  }
  const { name = 'response', description, strict } = format;
  const projected =
    strict === true && !own ? projectResponseSchema(format.schema, 'openai-strict') : { schema: format.schema };
  if (!('schema' in projected)) {
    losses.drop('L50', `format.schema${projected.unrepresentable}`);
    return {};
  }
  const { schema } = projected;
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
  if (to.ownFields === 'send')
    return given({
      verbosity,
      service_tier: tierFromIr(tier),
      prompt_cache_key: caching?.key,
      store: state?.store,
      metadata: identity?.metadata,
    });
  if (tier?.speed === 'fast') losses.drop('L82', 'tier.speed');
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (tier?.want !== undefined && tier.want !== 'auto') losses.drop('L82', 'tier.want');
  dropFields(losses, 'caching', caching, { key: 'L83' });
  if (state?.store === true) losses.drop('L82', 'state.store');
  dropFields(losses, 'identity', identity, { metadata: 'L82' });
  return {};
}

/** Another wire's speed is a tier of this one (protocols 2.13). */
const tierFromIr = (tier: GenerateRequest['tier']): string | undefined =>
  tier?.want ? TIER_FROM_IR[tier.want] : tier?.speed === 'fast' ? 'fast' : undefined;
