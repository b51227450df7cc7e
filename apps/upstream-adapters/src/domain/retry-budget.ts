/**
 * Retries may add a tenth to a channel's load and no more: when a vendor is down, repeating everything at it keeps it
 * down. The reserve lets a quiet channel retry at all.
 */
export interface RetryBudget {
  readonly tokens: number;
}

const TOKENS_MAX = 10;
const EARNED_PER_CALL = 0.1;

export const fullBudget: RetryBudget = { tokens: TOKENS_MAX };

export const earn = ({ tokens }: RetryBudget): RetryBudget => ({
  tokens: Math.min(TOKENS_MAX, tokens + EARNED_PER_CALL),
});

/** One retry's worth taken, or undefined when the budget is spent. */
export const spend = ({ tokens }: RetryBudget): RetryBudget | undefined =>
  tokens >= 1 ? { tokens: tokens - 1 } : undefined;
