import type { Account } from '../prompt/account.js';

/** OpenAI caches prompts of at least 1,024 tokens in steps of 128. */
export const OPENAI_CACHING = { tokensMin: 1024, stepTokens: 128, ttl: '1h' } as const;

/** A prompt long enough to be cached writes what it did not find. */
export const cacheWrites = ({ inputTokens, cachedTokens }: Account): number => {
  const cacheable = inputTokens - (inputTokens % OPENAI_CACHING.stepTokens);
  return inputTokens < OPENAI_CACHING.tokensMin ? 0 : Math.max(0, cacheable - cachedTokens);
};
