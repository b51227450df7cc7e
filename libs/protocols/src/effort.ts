import type { Effort, ReasoningRequest } from '@bytespike/ir';

/** How much a token budget amounts to, where only words can be said (protocols 2.6). */
const BUCKETS = [
  [2_000, 'low'],
  [8_000, 'medium'],
  [24_000, 'high'],
  [Number.POSITIVE_INFINITY, 'xhigh'],
] as const satisfies readonly (readonly [number, Effort])[];

/** The effort that a budget of tokens stands for; absent where none was given. */
export const effortOfBudget = (budgetTokens: number | undefined): Effort | undefined =>
  budgetTokens === undefined ? undefined : BUCKETS.find(([below]) => budgetTokens < below)?.[1];

/** Whether reasoning was declined, by its mode or by an effort of none. */
export const isOff = (reasoning: ReasoningRequest | undefined): boolean =>
  reasoning?.mode === 'off' || (reasoning?.mode === undefined && reasoning?.effort === 'none');
