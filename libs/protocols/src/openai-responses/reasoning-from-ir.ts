import type { ReasoningRequest } from '@bytespike/ir';

import type { ResponsesCompatibility } from '../compatibility/responses.js';
import { effortOfBudget, isOff } from '../effort.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';

/** Whether the model will think: what was asked and can be said, else its habit. */
export function thinks(reasoning: ReasoningRequest | undefined, to: ResponsesCompatibility): boolean {
  if (to.thinks !== 'by-default') return to.thinks === 'always';
  return !(isOff(reasoning) && to.effort.none !== undefined);
}

/** What was asked of reasoning in this vendor's words. Nothing is switched on that nobody asked for. */
export function reasoningFromIr(
  reasoning: ReasoningRequest | undefined,
  to: ResponsesCompatibility,
  losses: LossList,
): { effort?: string; summary?: string } {
  if (!reasoning) return {};
  const { mode, effort, budgetTokens, show, ...unhandled } = reasoning;
  unhandled satisfies Record<string, never>;
  if (isOff(reasoning)) return offFromIr(to, losses);
  const bucket = effortOfBudget(budgetTokens);
  const wanted = effort ?? bucket;
  const word = wanted && to.effort[wanted];
  if (mode === 'between-tools') losses.approximate('L43', 'reasoning.mode');
  if (effort === undefined && bucket) losses.approximate('L43', 'reasoning.budgetTokens');
  else if (wanted && word !== wanted) losses.approximate('L43', 'reasoning.effort');
  // Thinking that was switched on is meant to be seen unless the caller says otherwise.
  const seen = show ?? (mode === undefined ? 'none' : 'summary');
  const summary = seen === 'none' || seen === 'omitted' || to.summaries === 'drop' ? undefined : 'auto';
  return given({ effort: word, summary });
}

function offFromIr(to: ResponsesCompatibility, losses: LossList): { effort?: string } {
  if (to.thinks === 'never') return {};
  if (to.effort.none !== undefined) return { effort: to.effort.none };
  // A model that cannot but think is asked to think little.
  losses.approximate('L43', 'reasoning.mode');
  return given({ effort: to.effort.minimal });
}
