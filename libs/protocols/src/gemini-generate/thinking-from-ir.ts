import type { Effort, GenerateRequest, ReasoningRequest } from '@bytespike/ir';

import type { GeminiCompatibility, ThinkingByBudget, ThinkingByLevel, ThinkingLevel } from '../compatibility/gemini.js';
import { effortOfBudget } from '../effort.js';
import { group } from '../given.js';
import type { LossList } from '../losses.js';
import type { WireGenerationConfig } from './schema.js';

/** What each level says on its own; an effort sent as another word was approximated. */
const LEVEL_OF = { minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH' } as const satisfies Partial<
  Record<Effort, ThinkingLevel>
>;

const SHOWN: readonly ReasoningRequest['show'][] = ['summary', 'full', 'updates'];

/** Thoughts are shown where they were asked for: in words, or by switching thinking on without a word about showing. */
const shows = ({ mode, show }: ReasoningRequest): boolean =>
  SHOWN.includes(show) || (show === undefined && (mode === 'on' || mode === 'auto'));

/** What was asked of thinking as this generation of models says it. Nothing is switched on that nobody asked for. */
export function thinkingFromIr(
  reasoning: GenerateRequest['reasoning'],
  { thinking }: GeminiCompatibility,
  losses: LossList,
): Pick<WireGenerationConfig, 'thinkingConfig'> {
  if (!reasoning) return {};
  const { mode, effort } = reasoning;
  if (mode === 'between-tools') losses.approximate('L43', 'reasoning.mode');
  const off = mode === 'off' || mode === 'between-tools' || (mode === undefined && effort === 'none');
  const amount =
    thinking.by === 'level' ? levelOf(reasoning, off, thinking, losses) : budgetOf(reasoning, off, thinking, losses);
  return group('thinkingConfig', { ...amount, includeThoughts: !off && shows(reasoning) ? true : undefined });
}

type Off = boolean;

function levelOf(
  { effort, budgetTokens, mode }: ReasoningRequest,
  off: Off,
  { levels }: ThinkingByLevel,
  losses: LossList,
) {
  if (off) {
    if (mode !== 'between-tools') losses.approximate('L43', mode === 'off' ? 'reasoning.mode' : 'reasoning.effort');
    return { thinkingLevel: levels.none };
  }
  if (effort !== undefined) {
    const level = levels[effort];
    if ((LEVEL_OF as Partial<Record<Effort, ThinkingLevel>>)[effort] !== level)
      losses.approximate('L43', 'reasoning.effort');
    return { thinkingLevel: level };
  }
  if (budgetTokens === undefined) return {};
  losses.approximate('L43', 'reasoning.budgetTokens');
  const bucket = effortOfBudget(budgetTokens) ?? 'high';
  return { thinkingLevel: levels[bucket] };
}

/** The vendor's word for as much as it sees fit. */
const BUDGET_AUTO = -1;

function budgetOf(
  { effort, budgetTokens, mode }: ReasoningRequest,
  off: Off,
  { budgets, budgetMax }: ThinkingByBudget,
  losses: LossList,
) {
  if (off) {
    if (budgets.none > 0 && mode !== 'between-tools')
      losses.approximate('L43', mode === 'off' ? 'reasoning.mode' : 'reasoning.effort');
    return { thinkingBudget: budgets.none };
  }
  if (budgetTokens !== undefined) {
    if (budgetTokens > budgetMax) losses.approximate('L43', 'reasoning.budgetTokens');
    return { thinkingBudget: Math.min(budgetTokens, budgetMax) };
  }
  if (effort !== undefined) {
    if (effort === 'xhigh' || effort === 'max') losses.approximate('L43', 'reasoning.effort');
    return { thinkingBudget: budgets[effort] };
  }
  return mode === 'auto' || mode === 'on' ? { thinkingBudget: BUDGET_AUTO } : {};
}
