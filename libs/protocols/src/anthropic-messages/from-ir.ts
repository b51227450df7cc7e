import type { JsonObject } from '@bytespike/kernel';
import { GatewayError } from '@bytespike/kernel';
import type { Encoded, GenerateRequest, Sampling } from '@bytespike/ir';

import { messagesCompatibility, servesInDisguise, type MessagesCompatibility } from '../compatibility/messages.js';
import { limitMarks, type MarkRules } from '../cache-marks.js';
import { given, group } from '../given.js';
import { projectResponseSchema } from '../json-schema/project-schema.js';
import { lookUp } from '../look-up.js';
import { createLossList, dropFields, extrasFor, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { speakInstructions } from '../spoken-instructions.js';
import { cacheFromIr, type Writing } from './blocks-from-ir.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { isOwnRequest, thinkingFromIr, withoutUnledThinking } from './reasoning-from-ir.js';
import type { WireRequest } from './schema.js';
import { choiceFromIr, toolsFromIr } from './tools-from-ir.js';
import { messagesFromIr, systemFromIr } from './turns-from-ir.js';

const protocol = 'anthropic-messages' as const;

const TIER = { auto: 'auto', standard: 'standard_only' } as const;

/** Lifetimes of other wires are rounded up, and a longer one may not follow a shorter one (protocols 2.12). */
const MARKS: Omit<MarkRules, 'marksMax'> = {
  protocol,
  field: 'cache_control',
  lifetimes: { '5m': '5m', '30m': '1h', '1h': '1h', '12h': '1h' },
  lifetimesMix: 'longest-first',
};

/** The wire requires a limit; this is what agents ask for of a model that the catalogue does not know (clients, section 2). */
const MAX_TOKENS_DEFAULT = 32_000;

export function requestFromIr(asked: GenerateRequest, { vendor, maxOutputTokens }: Addressee): Encoded<WireRequest> {
  if (servesInDisguise(vendor, asked.model))
    throw new GatewayError('unsupported', `${vendor} would serve ${asked.model} by a model of its own.`);
  const to = messagesCompatibility(vendor, asked.model);
  const losses = createLossList();
  const ir = speakInstructions(limitMarks(asked, { ...MARKS, marksMax: to.cacheMarksMax }, losses), losses);
  const { model, stream, system, turns, tools, toolChoice, parallelTools, reasoning, format, ...more } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _streamUsage, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  dropUnsaid({ verbosity, limits, caching, state, identity }, losses);
  const maxTokens = limits?.maxOutputTokens ?? maxOutputTokens ?? MAX_TOKENS_DEFAULT;
  const asks = { reasoning, turns };
  const thinkingLimits = { to, maxTokens, losses };
  const wanted = thinkingFromIr(asks, thinkingLimits);
  const writing: Writing = { vendor, to, losses };
  const messages = messagesFromIr({ turns }, { ...writing, thinking: wanted.state });
  const thinking = withoutUnledThinking(wanted, asks, messages, thinkingLimits);
  const wireTools = toolsFromIr(tools, toolChoice, to, losses);
  const { output_config, metadata, ...extras } = extrasFor(
    extensions?.[protocol],
    { ownFields: to.ownFields, codes: FOREIGN_FIELDS },
    losses,
  );
  const wire: WireRequest = {
    model,
    max_tokens: maxTokens,
    ...given({ system: systemFromIr(system, writing) }),
    messages,
    ...(wireTools.length > 0 && { tools: wireTools }),
    ...choiceFromIr(toolChoice, parallelTools, { tools: wireTools, thinking: thinking.state, to, losses }),
    ...given({ thinking: thinking.thinking }),
    ...group('output_config', {
      ...(output_config as JsonObject | undefined),
      effort: thinking.effort,
      format: formatFromIr({ format, turns }, to, losses),
    }),
    ...samplingFromIr(sampling, thinking.state, to, losses),
    ...tierFromIr(tier, to, losses),
    ...group('metadata', {
      ...(metadata as JsonObject | undefined),
      user_id: userFromIr(identity?.endUser, to, losses),
    }),
    ...(to.cacheMarksMax > 0 && cacheFromIr(caching?.auto)),
    ...(stream && { stream }),
    ...extras,
  };
  return { wire, losses: losses.list };
}

type Unsaid = Pick<GenerateRequest, 'verbosity' | 'limits' | 'caching' | 'state' | 'identity'>;

/** What no version of this wire has a word for. */
function dropUnsaid({ verbosity, limits, caching, state, identity }: Unsaid, losses: LossList): void {
  dropFields(losses, 'state', state, {
    previousResponseId: 'L80',
    conversation: 'L80',
    background: 'L80',
  });
  // Nobody keeps anything here, so only the wish that it be kept is lost.
  if (state?.store === true) losses.drop('L82', 'state.store');
  dropFields(losses, 'limits', limits, { maxToolCalls: 'L82' });
  dropFields(losses, 'caching', caching, { key: 'L83' });
  if (identity?.metadata) losses.drop('L82', 'identity.metadata');
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (limits?.maxOutputTokens === undefined) losses.approximate('L65', 'limits.maxOutputTokens');
}

const SAMPLING_LOSS = {
  seed: 'L60',
  frequencyPenalty: 'L60',
  presencePenalty: 'L60',
  logitBias: 'L63',
  logprobs: 'L63',
} as const;

/** The default of the newer models, who refuse any other; while it thinks an older one does too. */
const TEMPERATURE_THINKING = 1;
const TEMPERATURE_MAX = 1;
/** What either setting is where nobody says it, so that it need not be said beside the other. */
const UNSAID = 1;

function samplingFromIr(
  sampling: Sampling | undefined,
  thinking: 'on' | 'off',
  to: MessagesCompatibility,
  losses: LossList,
): Partial<WireRequest> {
  if (!sampling) return {};
  const { stop, candidates, topK } = sampling;
  const { temperature, topP } = to.topP === 'send' ? sampling : withoutDefault(sampling);
  dropFields(losses, 'sampling', sampling, SAMPLING_LOSS);
  if ((candidates ?? 1) > 1) losses.drop('L62', 'sampling.candidates');
  const stops = stop && stop.length > 0 ? [...stop] : undefined;
  if (stops && to.stopSequences === 'reject') losses.drop('L61', 'sampling.stop');
  const free = to.sampling === 'send' || (to.sampling === 'unless-thinking' && thinking === 'off');
  const plain = temperature === TEMPERATURE_THINKING && to.sampling === 'unless-thinking';
  const warm = temperature !== undefined && (plain || (free && temperature <= TEMPERATURE_MAX));
  if (temperature !== undefined && !warm) losses.drop('L60', 'sampling.temperature');
  const nucleus = free && (to.topP === 'send' || !warm);
  if (!nucleus) dropFields(losses, 'sampling', { topP }, { topP: 'L60' });
  if (!free) dropFields(losses, 'sampling', { topK }, { topK: 'L60' });
  return given({
    temperature: warm ? temperature : undefined,
    top_p: nucleus ? topP : undefined,
    top_k: free ? topK : undefined,
    stop_sequences: to.stopSequences === 'send' ? stops : undefined,
  });
}

/** Of two settings that may not stand together, the one that says nothing goes. */
function withoutDefault({ temperature, topP }: Sampling): Pick<Sampling, 'temperature' | 'topP'> {
  if (topP === undefined || temperature === undefined) return given({ temperature, topP });
  return temperature === UNSAID ? { topP } : given({ temperature, topP: topP === UNSAID ? undefined : topP });
}

/** A promise to the client: what the vendor cannot hold itself to is refused, not weakened (protocols 2.7). */
function formatFromIr(
  { format, turns }: Pick<GenerateRequest, 'format' | 'turns'>,
  to: MessagesCompatibility,
  losses: LossList,
) {
  if (!format || format.kind === 'text') return undefined;
  if (format.kind === 'json-object' || to.jsonSchema === 'reject') {
    losses.drop('L50', 'format');
    return undefined;
  }
  if (isOwnRequest(turns)) return { type: 'json_schema', schema: format.schema };
  const projected = projectResponseSchema(format.schema, 'anthropic-strict');
  if ('schema' in projected) return { type: 'json_schema', schema: projected.schema };
  losses.drop('L50', `format.schema${projected.unrepresentable}`);
  return undefined;
}

/** Who else is fast or first is so by a speed of its own, where the model has one (protocols 2.13). */
function tierFromIr(tier: GenerateRequest['tier'], to: MessagesCompatibility, losses: LossList) {
  const { want, speed } = tier ?? {};
  const quick = want === 'fast' || want === 'ultrafast';
  const fast = speed === 'fast' || quick;
  if (fast && to.speed === 'drop') losses.drop('L82', quick ? 'tier.want' : 'tier.speed');
  const named = want === 'priority' ? 'auto' : lookUp(TIER, want);
  const sent = to.ownFields === 'send' ? named : undefined;
  const kept = sent !== undefined && want !== 'priority';
  if (want !== undefined && !kept && !quick) {
    if (sent !== undefined) losses.approximate('L82', 'tier.want');
    else if (want !== 'auto') losses.drop('L82', 'tier.want');
  }
  return given({
    service_tier: sent,
    speed: to.speed === 'send' ? (fast ? 'fast' : speed) : undefined,
  });
}

function userFromIr(endUser: string | undefined, to: MessagesCompatibility, losses: LossList): string | undefined {
  if (endUser === undefined || to.ownFields === 'send') return endUser;
  losses.drop('L82', 'identity.endUser');
  return undefined;
}
