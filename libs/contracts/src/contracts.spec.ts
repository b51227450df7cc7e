import { z } from 'zod';

import { MediaUnits, NanoUsd, StoredText, UsageFact, Usage } from './index.js';

describe('NanoUsd', () => {
  it('is a bigint in memory and a decimal string on the wire', () => {
    const largest = 9_223_372_036_854_775_807n;
    expect(z.encode(NanoUsd, largest)).toBe('9223372036854775807');
    expect(z.decode(NanoUsd, '-5')).toBe(-5n);
  });

  it.each(['1.5', '0x10', '', ' 1', 1])('refuses %p', (wire) => {
    expect(NanoUsd.safeDecode(wire as string).success).toBe(false);
  });
});

describe('StoredText', () => {
  it('is any text without a NUL character', () => {
    expect(StoredText.safeParse('schl\u00fcssel \n').success).toBe(true);
    expect(StoredText.safeParse('a\0b').success).toBe(false);
  });
});

describe('Usage', () => {
  it.each([{ input: -1 }, { output: 0.5 }, { unknown: 1 }])('refuses %p', (usage) => {
    expect(Usage.safeParse(usage).success).toBe(false);
  });
});

describe('MediaUnits', () => {
  it.each([{}, { seconds: 0 }, { images: 1.5 }, { seconds: 100_001 }])('refuses %p', (units) => {
    expect(MediaUnits.safeParse(units).success).toBe(false);
  });

  it.each([{ seconds: 8 }, { images: 4 }])('takes %p', (units) => {
    expect(MediaUnits.parse(units)).toEqual(units);
  });
});

describe('UsageFact', () => {
  it('survives the wire whole', () => {
    const fact: UsageFact = {
      requestId: 'req_1',
      accountId: 'acc_1',
      keyId: 'key_1',
      keyHint: 'sk-byts-...abcd',
      protocol: 'openai-chat',
      operation: 'generate',
      model: 'gpt-5-4',
      stream: true,
      priceVersion: 'gpt-5-4@1',
      inputTokensEstimate: 12,
      startedAt: 1,
      durationMs: 2.5,
      outcome: {
        ending: 'complete',
        usage: { input: 10, output: 5 },
        usageSource: 'vendor',
        contentStarted: true,
        deliveredOutput: 5,
        attempts: [],
      },
    };
    expect(z.decode(UsageFact, JSON.parse(JSON.stringify(z.encode(UsageFact, fact))))).toEqual(fact);
  });
});
