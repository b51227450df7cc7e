import { cancelled, complete, failed } from '../testing/samples.js';
import { inputTokensCounted, inputTokensEstimate, inputTokensUpperBound } from './input-estimate.js';

const MIB = 1024 * 1024;

describe('inputTokensUpperBound', () => {
  it.each([
    // 17 kB of English is about 4,000 tokens.
    { name: 'an English prompt', facts: { textBytes: 17_000, base64Bytes: 0, mediaCount: 0 }, truth: 4_000 },
    // A Chinese character takes three bytes and at most one and a half tokens.
    { name: 'a Chinese prompt', facts: { textBytes: 3 * 4_000, base64Bytes: 0, mediaCount: 0 }, truth: 6_000 },
    { name: 'a 4 MiB picture', facts: { textBytes: 500, base64Bytes: 4 * MIB, mediaCount: 1 }, truth: 4_784 },
    { name: 'twenty pictures by address', facts: { textBytes: 3_000, base64Bytes: 0, mediaCount: 20 }, truth: 95_000 },
    // A hundred pages of about 3,000 tokens each.
    { name: 'a long scanned PDF', facts: { textBytes: 500, base64Bytes: 20 * MIB, mediaCount: 1 }, truth: 300_000 },
  ])('is above the truth for $name, by less than twenty times', ({ facts, truth }) => {
    const bound = inputTokensUpperBound(facts);
    expect(bound).toBeGreaterThanOrEqual(truth);
    expect(bound).toBeLessThan(truth * 20);
  });
});

describe('inputTokensCounted', () => {
  it.each([
    { name: 'nothing', facts: { textBytes: 0, base64Bytes: 0, mediaCount: 0 }, counted: 0 },
    { name: 'three bytes', facts: { textBytes: 3, base64Bytes: 0, mediaCount: 0 }, counted: 0 },
    { name: 'an English prompt', facts: { textBytes: 16_001, base64Bytes: 0, mediaCount: 0 }, counted: 4_000 },
    { name: 'a 4 MiB picture', facts: { textBytes: 500, base64Bytes: 4 * MIB, mediaCount: 1 }, counted: 383 },
  ])('is on the low side and rounded down for $name', ({ facts, counted }) => {
    expect(inputTokensCounted(facts)).toBe(counted);
    expect(counted).toBeLessThan(inputTokensUpperBound(facts));
  });
});

describe('inputTokensEstimate', () => {
  const text = '\u4f60\u597d'.repeat(4_000);
  const asked = { messages: [{ role: 'user', content: text }] };
  const call = { protocol: 'openai-chat', body: Buffer.from(JSON.stringify(asked)) } as const;

  it.each([
    {
      name: 'a whole answer without usage',
      outcome: { ...complete, usage: undefined, usageSource: 'counted' as const },
    },
    { name: 'a client that left before its vendor said anything', outcome: cancelled },
    { name: 'one that left when only the output was told', outcome: { ...cancelled, usage: { output: 3 } } },
    { name: 'a stream that was cut', outcome: { ...cancelled, ending: 'cut' as const } },
  ])('counts what the text stands for, however it is written: $name', ({ outcome }) => {
    const counted = inputTokensEstimate(call, outcome);
    expect(counted).toBe(Math.floor(call.body.length / 4));
    const escaped = JSON.stringify(asked, null, 400).replace(
      /[^ -~\n]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
    );
    expect(inputTokensEstimate({ ...call, body: Buffer.from(escaped) }, outcome)).toBe(counted);
  });

  it.each([
    { name: 'was reported', outcome: complete },
    { name: 'was reported before the client left', outcome: { ...cancelled, usage: { cacheRead: 7 } } },
    { name: 'is free', outcome: failed({ kind: 'upstream-transient', message: 'down' }, 'truncated') },
  ])('counts nothing of what $name', ({ outcome }) => {
    expect(inputTokensEstimate(call, outcome)).toBe(0);
  });
});
