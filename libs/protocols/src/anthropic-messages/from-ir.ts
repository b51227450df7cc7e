import { type JsonObject } from '@bytespike/kernel';
import {
  type Effort,
  type Encoded,
  type FinishReason,
  type GenerateRequest,
  type GenerateResponse,
  type SystemSegment,
  type ToolDefinition,
  type Turn,
} from '@bytespike/ir';

import { given, group } from '../given.js';
import { createLossList, dropFields, type LossList } from '../losses.js';
import type { Addressee } from '../protocol.js';
import { answerBlocks, cacheFromIr, own, partFromIr } from './blocks-from-ir.js';
import type { WireMessage, WireRequest, WireResponse, WireTextBlock, WireTool } from './schema.js';
import { usageFromIr } from './usage.js';

const protocol = 'anthropic-messages' as const;

const THINKING = { on: 'enabled', auto: 'adaptive', 'between-tools': 'between_tools', off: 'disabled' } as const;
const DISPLAY = { summary: 'summarized', full: 'summarized', omitted: 'omitted', updates: 'updates', none: 'omitted' };
const EFFORT = {
  none: undefined,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
} as const satisfies Record<Effort, string | undefined>;
const TIER = { auto: 'auto', standard: 'standard_only', priority: 'auto' } as const;

/** Every reason this wire has a word for; a pause or an unknown end of another vendor is told as a plain end. */
const STOP_REASON = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-window': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  pause: 'pause_turn',
  compaction: 'compaction',
  other: 'end_turn',
} as const satisfies Record<FinishReason, string>;

/** The wire requires a limit; this is what agents ask for of a model that the catalogue does not know (clients, section 2). */
const MAX_TOKENS_DEFAULT = 32_000;

export function requestFromIr(ir: GenerateRequest, to: Addressee): Encoded<WireRequest> {
  const { model, stream, system, turns, tools, toolChoice, parallelTools, reasoning, format, ...more } = ir;
  const { verbosity, sampling, limits, caching, state, tier, identity, streamUsage: _streamUsage, ...rest } = more;
  const { extensions, ...unhandled } = rest;
  unhandled satisfies Record<string, never>;

  const losses = createLossList();
  const { output_config: outputExtras, metadata: metadataExtras, ...extras } = extensions?.[protocol] ?? {};
  dropFields(losses, 'sampling', sampling, {
    seed: 'L60',
    frequencyPenalty: 'L60',
    presencePenalty: 'L60',
    logitBias: 'L63',
    logprobs: 'L63',
  });
  if ((sampling?.candidates ?? 1) > 1) losses.drop('L62', 'sampling.candidates');
  dropFields(losses, 'state', state, {
    previousResponseId: 'L80',
    conversation: 'L80',
    background: 'L80',
    store: 'L82',
  });
  dropFields(losses, 'limits', limits, { maxToolCalls: 'L82' });
  dropFields(losses, 'caching', caching, { key: 'L83' });
  if (identity?.metadata) losses.drop('L82', 'identity.metadata');
  if (verbosity !== undefined) losses.drop('L82', 'verbosity');
  if (limits?.maxOutputTokens === undefined) losses.approximate('L65', 'limits.maxOutputTokens');
  const hot = (sampling?.temperature ?? 0) > 1;
  if (hot) losses.drop('L60', 'sampling.temperature');

  const wire: WireRequest = {
    model,
    max_tokens: limits?.maxOutputTokens ?? to.maxOutputTokens ?? MAX_TOKENS_DEFAULT,
    ...(system.length > 0 && { system: systemFromIr(system) }),
    messages: turnsFromIr(turns, losses),
    ...given({ tools: tools.length > 0 ? toolsFromIr(tools, toolChoice, losses) : undefined }),
    ...choiceFromIr(toolChoice, parallelTools),
    ...reasoningFromIr(reasoning, losses),
    ...group('output_config', {
      ...(outputExtras as JsonObject | undefined),
      effort: reasoning?.effort && EFFORT[reasoning.effort],
      format: formatFromIr(format, losses),
    }),
    ...given({
      temperature: hot ? undefined : sampling?.temperature,
      top_p: sampling?.topP,
      top_k: sampling?.topK,
      stop_sequences: sampling?.stop && [...sampling.stop],
      service_tier: tierFromIr(tier, losses),
      speed: tier?.speed,
    }),
    ...group('metadata', { ...(metadataExtras as JsonObject | undefined), user_id: identity?.endUser }),
    ...cacheFromIr(caching?.auto),
    ...(stream && { stream }),
    ...extras,
  };
  return { wire, losses: losses.list };
}

function systemFromIr(system: readonly SystemSegment[]): NonNullable<WireRequest['system']> {
  const [first] = system;
  if (system.length === 1 && first?.form === 'string' && first.parts.length === 1) return first.parts[0]?.text ?? '';
  return system.flatMap((segment) => {
    const raw = own(segment.raw);
    if (raw) return [raw as WireTextBlock];
    return segment.parts
      .filter(({ text }) => text !== '')
      .map((part) => ({ type: 'text' as const, text: part.text, ...cacheFromIr(part.cache) }));
  });
}

/** Results of one step stand in one user message, directly after the calls (protocols 2.5). */
function turnsFromIr(turns: readonly Turn[], losses: LossList): WireMessage[] {
  const messages: WireMessage[] = [];
  turns.forEach((turn, index) => {
    const raw = own(turn.raw);
    if (raw) return void messages.push(raw as WireMessage);
    if (turn.name !== undefined) losses.drop('L05', `turns.${index}.name`);
    const role = turn.role === 'tool' ? 'user' : turn.role === 'developer' ? 'system' : turn.role;
    const [only] = turn.parts;
    if (turn.form === 'string' && turn.parts.length === 1 && only?.type === 'text' && role !== 'assistant')
      return void messages.push({ role, content: only.text });
    const content = turn.parts.flatMap((part, at) => partFromIr(part, `turns.${index}.parts.${at}`, losses));
    const before = messages.at(-1);
    if (turn.role === 'tool' && turns[index - 1]?.role === 'tool' && before && Array.isArray(before.content))
      before.content.push(...content);
    else if (content.length > 0) messages.push({ role, content });
  });
  return messages;
}

function toolsFromIr(
  tools: readonly ToolDefinition[],
  choice: GenerateRequest['toolChoice'],
  losses: LossList,
): WireTool[] {
  return tools.flatMap((tool, index): WireTool[] => {
    if (choice?.mode === 'allowed' && !choice.names.includes(tool.name)) return [];
    const raw = own(tool.raw);
    if (raw) return [raw as WireTool];
    const { name, cache } = tool;
    if (tool.kind === 'hosted') {
      losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', `tools.${index}`);
      return [];
    }
    if (tool.kind === 'custom' && tool.grammar) losses.drop('L21', `tools.${index}`);
    const input_schema =
      tool.kind === 'custom'
        ? { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] }
        : (tool.parameters ?? { type: 'object', properties: {} });
    const strict = tool.kind === 'function' ? tool.strict : undefined;
    return [{ name, ...given({ description: tool.description, strict }), input_schema, ...cacheFromIr(cache) }];
  });
}

function choiceFromIr(choice: GenerateRequest['toolChoice'], parallel: boolean | undefined) {
  if (!choice && parallel === undefined) return {};
  const type =
    choice?.mode === 'one'
      ? ('tool' as const)
      : choice?.mode === 'required' || (choice?.mode === 'allowed' && choice.required)
        ? ('any' as const)
        : choice?.mode === 'none'
          ? ('none' as const)
          : ('auto' as const);
  return {
    tool_choice: {
      type,
      ...(choice?.mode === 'one' && { name: choice.name }),
      ...(parallel !== undefined && type !== 'none' && { disable_parallel_tool_use: !parallel }),
    },
  };
}

/** An effort alone asks for adaptive thinking, an effort of `none` for no thinking at all. */
function reasoningFromIr(reasoning: GenerateRequest['reasoning'], losses: LossList) {
  if (!reasoning) return {};
  const { effort, budgetTokens, show } = reasoning;
  if (effort === 'minimal') losses.approximate('L43', 'reasoning.effort');
  const mode = reasoning.mode ?? (effort === 'none' ? 'off' : undefined);
  if (!mode) return {};
  return {
    thinking: { type: THINKING[mode], ...given({ budget_tokens: budgetTokens, display: show && DISPLAY[show] }) },
  };
}

function formatFromIr(format: GenerateRequest['format'], losses: LossList) {
  if (format?.kind === 'json-object') losses.drop('L50', 'format');
  return format?.kind === 'json-schema' ? { type: 'json_schema', schema: format.schema } : undefined;
}

function tierFromIr(tier: GenerateRequest['tier'], losses: LossList): string | undefined {
  const want = tier?.want;
  if (want === undefined) return undefined;
  if (want === 'auto' || want === 'standard') return TIER[want];
  losses.approximate('L82', 'tier.want');
  return undefined;
}

export function responseFromIr(ir: GenerateResponse): Encoded<WireResponse> {
  const { id, model, parts, finish, usage, tier, createdAt: _createdAt, ...unhandled } = ir;
  unhandled satisfies Record<string, never>;
  const losses = createLossList();
  return {
    wire: {
      id: messageId(id),
      type: 'message',
      role: 'assistant',
      model: model ?? '',
      content: parts.flatMap((part, index) => answerBlocks(part, `parts.${index}`, losses)),
      ...finishFromIr(finish),
      usage: usageFromIr(usage ?? {}, tier),
    },
    losses: losses.list,
  };
}

export const finishFromIr = ({ reason, stopSequence, refusal }: GenerateResponse['finish']) => ({
  stop_reason: STOP_REASON[reason],
  stop_sequence: stopSequence ?? null,
  ...(reason === 'refusal' && {
    stop_details: { type: 'refusal', category: refusal?.category ?? null, explanation: refusal?.explanation ?? null },
  }),
});

/** Ids on this wire begin with `msg_`; another vendor's keeps its own letters behind that. */
export const messageId = (id: string | undefined): string =>
  id?.startsWith('msg_') ? id : `msg_${(id ?? 'unnamed').replace(/[^A-Za-z0-9_-]/g, '_')}`;
