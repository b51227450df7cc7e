import type { ReasoningRequest } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import { effortOfBudget, isOff } from '../effort.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';
import type { WireRequest } from './schema.js';

/** Whether the model will think: what was asked, else the vendor's habit. */
export function thinks(reasoning: ReasoningRequest | undefined, to: ChatCompatibility): boolean {
  if (isOff(reasoning)) return to.thinking.off === undefined && to.effort.none === undefined && to.thinksByDefault;
  return to.thinksByDefault || reasoning?.mode !== undefined || reasoning?.effort !== undefined;
}

/** What was asked of thinking in this vendor's words. Nothing is switched on that nobody asked for. */
export function reasoningFromIr(
  reasoning: ReasoningRequest | undefined,
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'thinking' | 'reasoning_effort'> {
  if (!reasoning) return {};
  if (isOff(reasoning)) return offFromIr(to, losses);
  const { mode, budgetTokens } = reasoning;
  const bucket = effortOfBudget(budgetTokens);
  const effort = reasoning.effort ?? bucket;
  const word = effort && to.effort[effort];
  if (mode === 'between-tools') losses.approximate('L43', 'reasoning.mode');
  if (bucket && reasoning.effort === undefined) losses.approximate('L43', 'reasoning.budgetTokens');
  else if (effort && word !== effort) losses.approximate('L43', 'reasoning.effort');
  return {
    ...(mode === 'on' && to.thinking.on !== undefined && { thinking: { type: to.thinking.on } }),
    ...given({ reasoning_effort: word }),
  };
}

function offFromIr(to: ChatCompatibility, losses: LossList): Pick<WireRequest, 'thinking' | 'reasoning_effort'> {
  if (to.thinking.off !== undefined) return { thinking: { type: to.thinking.off } };
  if (to.effort.none !== undefined) return { reasoning_effort: to.effort.none };
  losses.drop('L43', 'reasoning.mode');
  return {};
}
