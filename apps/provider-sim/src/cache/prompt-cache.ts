import { LRUCache } from 'lru-cache';
import { digest } from '../brain/digest.js';

const TTL_MS = { '5m': 5 * 60_000, '1h': 60 * 60_000 } as const;
export type CacheTtl = keyof typeof TTL_MS;

const REMEMBERED_PREFIXES_MAX = 50_000;
/** A breakpoint looks this many blocks back for an older entry, as Anthropic documents. */
const LOOKBACK_SEGMENTS = 20;

/** A piece of the prompt in render order. `mark` is an explicit breakpoint after it. */
export interface Segment {
  readonly text: string;
  readonly tokens: number;
  readonly mark?: CacheTtl;
}

export interface ExplicitAccount {
  readonly readTokens: number;
  readonly writtenTokens: Readonly<Record<CacheTtl, number>>;
  readonly freshTokens: number;
}

export interface AutomaticAccount {
  readonly totalTokens: number;
  readonly cachedTokens: number;
}

export interface PromptCache {
  /** Anthropic's way: what ends at a breakpoint is read if remembered, else written; the rest is fresh. */
  accountExplicitly(prompt: {
    scope: string;
    segments: readonly Segment[];
    tokensMin: number;
    nowMs: number;
  }): ExplicitAccount;
  /** The others' way: the longest remembered run of whole segments counts as cached, in steps of `stepTokens`. */
  accountAutomatically(prompt: {
    scope: string;
    segments: readonly Segment[];
    tokensMin: number;
    stepTokens: number;
    ttl: CacheTtl;
    nowMs: number;
  }): AutomaticAccount;
}

interface Prefix {
  readonly key: string;
  readonly tokens: number;
  readonly mark: CacheTtl | undefined;
}

/** Names every prefix of the prompt by chaining digests, so a change anywhere changes all that follow. */
const prefixesOf = (scope: string, segments: readonly Segment[]): readonly Prefix[] => {
  let key = digest(scope);
  let tokens = 0;
  return segments.map((segment) => {
    key = digest(`${key}\n${segment.text}`);
    tokens += segment.tokens;
    return { key, tokens, mark: segment.mark };
  });
};

/** Remembers which prompt prefixes were seen, so that a repeated one is cheaper the second time. */
export const createPromptCache = (): PromptCache => {
  const expiries = new LRUCache<string, number>({ max: REMEMBERED_PREFIXES_MAX });
  const isRemembered = (prefix: Prefix, nowMs: number): boolean => (expiries.get(prefix.key) ?? 0) > nowMs;
  const remember = (prefix: Prefix, ttl: CacheTtl, nowMs: number): void => {
    expiries.set(prefix.key, Math.max(expiries.get(prefix.key) ?? 0, nowMs + TTL_MS[ttl]));
  };

  return {
    accountExplicitly: ({ scope, segments, tokensMin, nowMs }) => {
      const prefixes = prefixesOf(scope, segments);
      const total = prefixes.at(-1)?.tokens ?? 0;
      let readTokens = 0;
      let reached = 0;
      const writtenTokens = { '5m': 0, '1h': 0 };
      for (const [index, prefix] of prefixes.entries()) {
        if (prefix.mark === undefined || prefix.tokens < tokensMin) continue;
        const hit = prefixes
          .slice(Math.max(0, index - LOOKBACK_SEGMENTS), index + 1)
          .findLast((older) => isRemembered(older, nowMs));
        if (hit !== undefined && hit.tokens > readTokens && hit.tokens >= reached) {
          // A later breakpoint that was remembered makes what an earlier one wrote in this very request a read.
          readTokens = hit.tokens;
          writtenTokens['5m'] = 0;
          writtenTokens['1h'] = 0;
          reached = hit.tokens;
        }
        writtenTokens[prefix.mark] += prefix.tokens - Math.max(reached, readTokens);
        reached = prefix.tokens;
      }
      for (const prefix of prefixes)
        if (prefix.mark !== undefined && prefix.tokens >= tokensMin) remember(prefix, prefix.mark, nowMs);
      return { readTokens, writtenTokens, freshTokens: total - reached };
    },

    accountAutomatically: ({ scope, segments, tokensMin, stepTokens, ttl, nowMs }) => {
      const prefixes = prefixesOf(scope, segments);
      const totalTokens = prefixes.at(-1)?.tokens ?? 0;
      const longest = prefixes.findLast((prefix) => isRemembered(prefix, nowMs))?.tokens ?? 0;
      for (const prefix of prefixes) remember(prefix, ttl, nowMs);
      const cachedTokens = longest < tokensMin ? 0 : longest - (longest % stepTokens);
      return { totalTokens, cachedTokens };
    },
  };
};
