import type { Segment } from './prompt-cache.js';
import { createPromptCache } from './prompt-cache.js';

const segment = (text: string, mark?: '5m' | '1h'): Segment => ({ text, tokens: 100, ...(mark && { mark }) });
const MINUTE = 60_000;

describe('breakpoints', () => {
  const ask =
    (cache = createPromptCache(), scope = 'key') =>
    (nowMs: number, ...segments: readonly Segment[]) =>
      cache.accountExplicitly({ scope, segments, tokensMin: 100, nowMs });

  it('writes up to the last breakpoint and leaves the rest fresh', () => {
    expect(ask()(0, segment('a', '1h'), segment('b', '5m'), segment('c'))).toEqual({
      readTokens: 0,
      writtenTokens: { '1h': 100, '5m': 100 },
      freshTokens: 100,
    });
  });

  it('reads the longest part it remembers and writes what is new', () => {
    const account = ask();
    account(0, segment('a', '5m'));
    expect(account(1, segment('a', '5m'), segment('b', '5m'), segment('c'))).toEqual({
      readTokens: 100,
      writtenTokens: { '1h': 0, '5m': 100 },
      freshTokens: 100,
    });
  });

  it('finds an entry before a breakpoint that has moved on', () => {
    const account = ask();
    account(0, segment('a'), segment('b', '5m'));
    expect(account(1, segment('a'), segment('b'), segment('c', '5m')).readTokens).toBe(200);
  });

  it('does not look further back than the vendor does', () => {
    const account = ask();
    account(0, segment('a', '5m'));
    const many = Array.from({ length: 21 }, (_, index) => segment(`more ${index}`));
    expect(account(1, segment('a'), ...many, segment('z', '5m')).readTokens).toBe(0);
  });

  it('remembers nothing without a mark, below the minimum, or for another key', () => {
    const cache = createPromptCache();
    ask(cache)(0, segment('a'), segment('b'));
    ask(cache)(0, { text: 'short', tokens: 99, mark: '5m' });
    ask(cache, 'other key')(0, segment('c', '5m'));
    expect([
      ask(cache)(1, segment('a', '5m')).readTokens,
      ask(cache)(1, { text: 'short', tokens: 99, mark: '5m' }).readTokens,
      ask(cache)(1, segment('c', '5m')).readTokens,
    ]).toEqual([0, 0, 0]);
  });

  it('forgets after the entrys own time, which every reading renews', () => {
    const account = ask();
    account(0, segment('short', '5m'));
    account(4 * MINUTE, segment('short', '5m'));
    account(0, segment('long', '1h'));
    expect([
      account(8 * MINUTE, segment('short', '5m')).readTokens,
      account(14 * MINUTE, segment('short', '5m')).readTokens,
      account(59 * MINUTE, segment('long', '5m')).readTokens,
      account(118 * MINUTE, segment('long', '5m')).readTokens,
    ]).toEqual([100, 0, 100, 100]);
  });
});

describe('automatic caching', () => {
  const account = (cache: ReturnType<typeof createPromptCache>, ...segments: readonly Segment[]) =>
    cache.accountAutomatically({ scope: 'key', segments, tokensMin: 100, stepTokens: 64, ttl: '5m', nowMs: 0 });

  it('counts whole steps of the longest repeated beginning', () => {
    const cache = createPromptCache();
    expect(account(cache, segment('a'), segment('b'))).toEqual({ totalTokens: 200, cachedTokens: 0 });
    expect(account(cache, segment('a'), segment('b'), segment('c'))).toEqual({ totalTokens: 300, cachedTokens: 192 });
    expect(account(cache, segment('x'), segment('b'))).toEqual({ totalTokens: 200, cachedTokens: 0 });
  });
});
