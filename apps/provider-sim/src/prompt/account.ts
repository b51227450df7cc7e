import type { Conversation } from '../brain/conversation.js';
import type { Answer } from '../brain/answer.js';
import type { CacheTtl } from '../cache/prompt-cache.js';
import type { Call } from '../wire/wire.js';
import { promptSegments } from './segments.js';

/** How a vendor caches without being asked: from how many tokens on, in which steps, for how long. */
export interface AutomaticCaching {
  readonly tokensMin: number;
  readonly stepTokens: number;
  readonly ttl: CacheTtl;
}

/** What one call consumed, before any vendor's way of adding it up. */
export interface Account {
  /** The whole prompt, the cached part included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** Everything generated, the thinking included. */
  readonly outputTokens: number;
  readonly thinkingTokens: number;
}

/** Counts a call against the caller's own remembered prefixes, and remembers this one. */
export const accountFor = (
  call: Call,
  conversation: Conversation,
  { answer, caching }: { answer: Answer; caching: AutomaticCaching },
): Account => {
  const { totalTokens, cachedTokens } = call.memory.promptCache.accountAutomatically({
    scope: `${call.vendor} ${call.key} ${conversation.model}`,
    segments: promptSegments(conversation),
    nowMs: call.nowMs,
    ...caching,
  });
  return {
    inputTokens: totalTokens,
    cachedTokens,
    outputTokens: answer.outputTokens,
    thinkingTokens: answer.thinkingTokens,
  };
};
