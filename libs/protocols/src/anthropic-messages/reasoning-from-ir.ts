import type { Effort, GenerateRequest, ReasoningRequest } from '@bytespike/ir';

import type { MessagesCompatibility, ThinkingWord } from '../compatibility/messages.js';
import { effortOfBudget } from '../effort.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';
import type { WireMessage, WireRequest } from './schema.js';

const protocol = 'anthropic-messages' as const;
const DISPLAY = { summary: 'summarized', full: 'summarized', omitted: 'omitted', updates: 'updates', none: 'omitted' };

/** And the other way, for models that take budgets alone. */
const BUDGETS = { minimal: 1_024, low: 2_000, medium: 8_000, high: 16_000, xhigh: 24_000, max: 32_000 } as const;
const BUDGET_MIN = 1_024;

/** What is asked of thinking, in this model's words. */
export interface Thinking {
  readonly thinking?: WireRequest['thinking'];
  readonly effort?: string | undefined;
  /** Whether the model will think, as far as the request and the vendor's default say. */
  readonly state: 'on' | 'off';
}

export interface ThinkingLimits {
  readonly to: MessagesCompatibility;
  readonly maxTokens: number;
  readonly losses: LossList;
}

type Asked = Pick<GenerateRequest, 'reasoning' | 'turns'>;
/** Whether a client of this wire asked: some of its turns are as it wrote them. */
export const isOwnRequest = (turns: GenerateRequest['turns']): boolean =>
  turns.some(({ raw }) => raw?.protocol === protocol);

type Mode = NonNullable<ReasoningRequest['mode']>;

/**
 * What was asked, as a mode. Elsewhere an effort alone asks for thinking; a client of this wire, which has a switch of
 * its own and left it alone, asks for none.
 */
function modeOf({ reasoning, turns }: Asked): Mode | undefined {
  if (reasoning?.mode !== undefined) return reasoning.mode;
  if (reasoning?.effort === 'none') return 'off';
  return !isOwnRequest(turns) && (reasoning?.effort !== undefined || reasoning?.budgetTokens !== undefined)
    ? 'auto'
    : undefined;
}

/** The first of these words the model obeys. */
const wordFor = (
  mode: Mode,
  budgetTokens: number | undefined,
  { thinking }: MessagesCompatibility,
): ThinkingWord | undefined => {
  const thinks: readonly ThinkingWord[] =
    budgetTokens === undefined ? ['adaptive', 'enabled'] : ['enabled', 'adaptive'];
  const preferred: Record<Mode, readonly ThinkingWord[]> = {
    off: ['disabled'],
    on: thinks,
    auto: thinks,
    'between-tools': ['between_tools', 'disabled'],
  };
  return preferred[mode].find((word) => thinking.includes(word));
};

export function thinkingFromIr(asked: Asked, limits: ThinkingLimits): Thinking {
  const { to, losses } = limits;
  const { effort, budgetTokens, show } = asked.reasoning ?? {};
  const mode = modeOf(asked);
  const byDefault = to.thinksByDefault ? ('on' as const) : ('off' as const);
  if (mode === undefined) return { effort: effortWord(effort, limits), state: byDefault };
  const word = wordFor(mode, budgetTokens, to);
  if (word === undefined) losses.drop('L43', 'reasoning.mode');
  else if (mode === 'between-tools' && word === 'disabled') losses.approximate('L43', 'reasoning.mode');
  if (word === undefined || word === 'disabled')
    return {
      ...(word && { thinking: { type: word } }),
      effort: effortUnthinking(effort, limits),
      state: word ? 'off' : byDefault,
    };
  const display = to.replay === 'signed' && show ? { display: DISPLAY[show] } : {};
  if (word === 'enabled' && to.budgets === 'send') return enabledFromIr(asked.reasoning, display, limits);
  if (budgetTokens !== undefined) losses.approximate('L43', 'reasoning.budgetTokens');
  const bucket = effortOfBudget(budgetTokens);
  return { thinking: { type: word, ...display }, effort: effortWord(effort ?? bucket, limits), state: 'on' };
}

/** A budget has to be at least the least and less than the answer's own limit; where that cannot be, nothing is thought. */
function enabledFromIr(
  reasoning: ReasoningRequest | undefined,
  display: { display?: string | undefined },
  limits: ThinkingLimits,
): Thinking {
  const { to, maxTokens, losses } = limits;
  const { effort, budgetTokens } = reasoning ?? {};
  const said = Object.keys(to.effort).length > 0;
  const wanted = budgetTokens ?? BUDGETS[effort === 'none' || effort === undefined ? 'medium' : effort];
  const budget = Math.max(BUDGET_MIN, Math.min(wanted, maxTokens - 1));
  if (budget >= maxTokens) {
    losses.drop('L43', budgetTokens === undefined ? 'reasoning.mode' : 'reasoning.budgetTokens');
    return { state: 'off', effort: said ? effortWord(effort, limits) : undefined };
  }
  if (budgetTokens !== undefined && budget !== budgetTokens) losses.approximate('L43', 'reasoning.budgetTokens');
  if (effort !== undefined && !said) losses.approximate('L43', 'reasoning.effort');
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...given(display) },
    effort: said ? effortWord(effort, limits) : undefined,
    state: 'on',
  };
}

function effortWord(effort: Effort | undefined, { to, losses }: ThinkingLimits): string | undefined {
  if (effort === undefined || effort === 'none') return undefined;
  const word = to.effort[effort];
  if (word === undefined) losses.drop('L43', 'reasoning.effort');
  else if (word !== effort) losses.approximate('L43', 'reasoning.effort');
  return word;
}

/** Without thinking some models go no further than `high`. */
function effortUnthinking(effort: Effort | undefined, limits: ThinkingLimits): string | undefined {
  const { to, losses } = limits;
  const capped = to.effortUnthinking === 'up-to-high' && (effort === 'xhigh' || effort === 'max');
  if (!capped) return effortWord(effort, limits);
  losses.approximate('L43', 'reasoning.effort');
  return to.effort.high;
}

/**
 * Switches thinking off for one request where the open tool loop lacks the thinking that has to lead it: the vendor
 * would refuse it (protocols 2.6, T40). The same history always ends the same way.
 */
export function withoutUnledThinking(
  thinking: Thinking,
  asked: Asked,
  messages: readonly WireMessage[],
  limits: ThinkingLimits,
): Thinking {
  const { to, losses } = limits;
  if (to.replay !== 'signed' || thinking.state === 'off' || !hasUnledLoop(asked, messages, thinking)) return thinking;
  if (!to.thinking.includes('disabled')) return thinking;
  losses.approximate('L42', 'reasoning.mode');
  const capped = to.effortUnthinking === 'up-to-high' && (thinking.effort === 'xhigh' || thinking.effort === 'max');
  return { thinking: { type: 'disabled' }, effort: capped ? to.effort.high : thinking.effort, state: 'off' };
}

/**
 * Whether a call of the loop that is still open was made without a thinking block in front. With adaptive thinking a
 * model may have had none; only a history that another wire carried leaves that in doubt.
 */
function hasUnledLoop({ turns }: Asked, messages: readonly WireMessage[], { thinking }: Thinking): boolean {
  const native = turns.findLast(({ role }) => role === 'assistant')?.raw?.protocol === protocol;
  if (native && thinking?.type !== 'enabled') return false;
  const start = messages.findLastIndex(({ role, content }) => role === 'user' && !isResults(content));
  return messages.slice(start + 1).some(({ role, content }) => {
    if (role !== 'assistant' || typeof content === 'string') return false;
    const leads = content[0]?.type === 'thinking' || content[0]?.type === 'redacted_thinking';
    return !leads && content.some(({ type }) => type === 'tool_use');
  });
}

const isResults = (content: WireMessage['content']): boolean =>
  typeof content !== 'string' && content.some(({ type }) => type === 'tool_result');
