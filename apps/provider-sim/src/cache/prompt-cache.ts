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

interface Remembered {
  readonly ttl: CacheTtl;
  readonly untilMs: number;
}

/** Remembers which prompt prefixes were seen, so that a repeated one is cheaper the second time. */
export const createPromptCache = (): PromptCache => {
  const remembered = new LRUCache<string, Remembered>({ max: REMEMBERED_PREFIXES_MAX });
  const recall = (prefix: Prefix, nowMs: number): Remembered | undefined => {
    const entry = remembered.get(prefix.key);
    return entry !== undefined && entry.untilMs > nowMs ? entry : undefined;
  };
  const remember = (prefix: Prefix, ttl: CacheTtl, nowMs: number): void => {
    const longest = recall(prefix, nowMs)?.ttl === '1h' ? '1h' : ttl;
    remembered.set(prefix.key, { ttl: longest, untilMs: nowMs + TTL_MS[longest] });
  };

  return {
    accountExplicitly: ({ scope, segments, tokensMin, nowMs }) => {
      const prefixes = prefixesOf(scope, segments);
      const isBreakpoint = (prefix: Prefix): boolean => prefix.mark !== undefined && prefix.tokens >= tokensMin;
      const hits = prefixes.flatMap((prefix, index) => {
        const within = isBreakpoint(prefix) ? prefixes.slice(Math.max(0, index - LOOKBACK_SEGMENTS), index + 1) : [];
        return within.findLast((older) => recall(older, nowMs) !== undefined) ?? [];
      });
      const hit = hits.at(-1);
      // Being read keeps an entry alive for its own time again.
      if (hit !== undefined) remember(hit, recall(hit, nowMs)?.ttl ?? '5m', nowMs);
      const writtenTokens = { '5m': 0, '1h': 0 };
      let boundary = hit?.tokens ?? 0;
      for (const prefix of prefixes) {
        if (prefix.mark === undefined || !isBreakpoint(prefix)) continue;
        if (prefix.tokens > boundary) {
          writtenTokens[prefix.mark] += prefix.tokens - boundary;
          boundary = prefix.tokens;
        }
        remember(prefix, prefix.mark, nowMs);
      }
      const total = prefixes.at(-1)?.tokens ?? 0;
      return { readTokens: hit?.tokens ?? 0, writtenTokens, freshTokens: total - boundary };
    },

    accountAutomatically: ({ scope, segments, tokensMin, stepTokens, ttl, nowMs }) => {
      const prefixes = prefixesOf(scope, segments);
      const totalTokens = prefixes.at(-1)?.tokens ?? 0;
      const longest = prefixes.findLast((prefix) => recall(prefix, nowMs) !== undefined)?.tokens ?? 0;
      for (const prefix of prefixes) remember(prefix, ttl, nowMs);
      const cachedTokens = longest < tokensMin ? 0 : longest - (longest % stepTokens);
      return { totalTokens, cachedTokens };
    },
  };
};
