import { USAGE_CLASSES, type Usage } from '@bytespike/kernel';
import fc from 'fast-check';

import {
  affordableOutput,
  capAtHold,
  costOf,
  readUnitPrices,
  unitPrice,
  upperBound,
  type UnitPrices,
} from './index.js';

const sonnet = readUnitPrices({
  input: '3.00',
  output: '15.00',
  cacheRead: '0.30',
  cacheWrite5m: '3.75',
  cacheWrite1h: '6',
});
const flash = readUnitPrices({ input: '0.10', output: '0.40' });

const unitsArbitrary = fc.integer({ min: 0, max: 10_000_000 });
const usageArbitrary: fc.Arbitrary<Usage> = fc.dictionary(fc.constantFrom(...USAGE_CLASSES), unitsArbitrary);
const pricesArbitrary: fc.Arbitrary<UnitPrices> = fc
  .record({
    input: fc.bigInt(0n, 100_000_000n),
    output: fc.bigInt(0n, 500_000_000n),
    cacheRead: fc.option(fc.bigInt(0n, 10_000_000n), { nil: undefined }),
    cacheWrite1h: fc.option(fc.bigInt(0n, 200_000_000n), { nil: undefined }),
    reasoning: fc.option(fc.bigInt(0n, 600_000_000n), { nil: undefined }),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, price]) => price !== undefined)));

describe('costOf', () => {
  it.each([
    ['nothing', {}, sonnet, 0n, 0n],
    ['the price list example', { input: 1_000, output: 500 }, sonnet, 10_500_000_000n, 10_500_000n],
    ['cache classes at their own rates', { cacheRead: 1_000, cacheWrite1h: 10 }, sonnet, 360_000_000n, 360_000n],
    ['reasoning at the output rate when it has none', { reasoning: 100 }, sonnet, 1_500_000_000n, 1_500_000n],
    ['an unnamed cache write at the input rate', { cacheWrite30m: 10 }, flash, 1_000_000n, 1_000n],
    ['half a nano rounds up', { input: 1 }, { input: 500n }, 500n, 1n],
    ['less than half rounds down', { input: 1 }, { input: 499n }, 499n, 0n],
    ['a search call without a price is free', { searchCalls: 3 }, flash, 0n, 0n],
  ])('%s', (_name, usage, prices, exact, rounded) => {
    expect(costOf(usage, prices)).toEqual({ exact, rounded });
  });

  it('is a sum: the exact cost of two parts is the cost of the whole', () => {
    fc.assert(
      fc.property(usageArbitrary, usageArbitrary, pricesArbitrary, (one, other, prices) => {
        const whole = Object.fromEntries(USAGE_CLASSES.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
        expect(costOf(whole, prices).exact).toBe(costOf(one, prices).exact + costOf(other, prices).exact);
      }),
    );
  });

  it('rounds to the nearest nano', () => {
    fc.assert(
      fc.property(usageArbitrary, pricesArbitrary, (usage, prices) => {
        const { exact, rounded } = costOf(usage, prices);
        const away = rounded * 1_000n - exact;
        expect(away > -500n && away <= 500n).toBe(true);
      }),
    );
  });
});

describe('capAtHold', () => {
  it.each([
    ['below the hold', 5n, 10n, { charged: 5n, overrun: 0n }],
    ['exactly the hold', 10n, 10n, { charged: 10n, overrun: 0n }],
    ['above the hold', 12n, 10n, { charged: 10n, overrun: 2n }],
  ])('%s', (_name, cost, held, expected) => {
    expect(capAtHold(cost, held)).toEqual(expected);
  });
});

describe('upperBound', () => {
  const candidates = [
    { id: 'flash@1', prices: flash },
    { id: 'sonnet@1', prices: sonnet },
  ];

  it('takes the dearest target, input at its dearest class', () => {
    const worst = upperBound({ inputTokens: 1_000, maxOutputTokens: 2_000, candidates });
    // 1,000 x 6.00 (cache write 1 h) + 2,000 x 15.00 USD per million.
    expect(worst).toEqual({ amount: 36_000_000n, dearest: 'sonnet@1' });
  });

  it('bounds sound and pictures, too, which may cost more than words', () => {
    const prices = readUnitPrices({ input: '0.50', output: '3.00', audioInput: '1.00', imageOutput: '30.00' });
    const { amount } = upperBound({
      ...{ inputTokens: 1_000, maxOutputTokens: 100 },
      candidates: [{ id: 'sees-and-hears@1', prices }],
    });
    expect(amount).toBe(4_000_000n);
    expect(costOf({ audioInput: 1_000, imageOutput: 100 }, prices).rounded).toBe(amount);
  });

  it('is never below the cost of any usage within the bounds', () => {
    const within = fc.record({
      input: unitsArbitrary,
      cached: unitsArbitrary,
      output: unitsArbitrary,
      thought: unitsArbitrary,
    });
    fc.assert(
      fc.property(within, pricesArbitrary, ({ input, cached, output, thought }, prices) => {
        const { amount } = upperBound({
          inputTokens: input + cached,
          maxOutputTokens: output + thought,
          candidates: [{ id: 'any@1', prices }],
        });
        const hot = prices.cacheRead === undefined ? 'input' : 'cacheRead';
        const used = {
          input: input + (hot === 'input' ? cached : 0),
          ...(hot === 'cacheRead' && { cacheRead: cached }),
        };
        expect(costOf({ ...used, output, reasoning: thought }, prices).rounded <= amount).toBe(true);
      }),
    );
  });
});

describe('affordableOutput', () => {
  it('is the largest output that fits', () => {
    const arbitrary = fc.record({
      inputTokens: fc.integer({ min: 0, max: 200_000 }),
      available: fc.bigInt(0n, 10_000_000_000n),
      prices: fc.array(pricesArbitrary, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ inputTokens, available, prices }) => {
        const candidates = prices.map((each, at) => ({ id: `model@${at}`, prices: each }));
        const limit = 64_000;
        const tokens = affordableOutput({ inputTokens, candidates, available, limit });
        const fits = (maxOutputTokens: number): boolean =>
          upperBound({ inputTokens, maxOutputTokens, candidates }).amount <= available;
        expect(tokens === 0 || fits(tokens)).toBe(true);
        expect(tokens === limit || !fits(tokens + 1)).toBe(true);
      }),
    );
  });
});

describe('unitPrice', () => {
  it('never makes an input or output class free when plain input and output have a price', () => {
    for (const usageClass of USAGE_CLASSES.filter((name) => name !== 'searchCalls')) {
      expect(unitPrice({ input: 1n, output: 2n }, usageClass)).toBeGreaterThan(0n);
    }
  });
});
