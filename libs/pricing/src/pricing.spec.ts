import { PIECE_CLASSES, USAGE_CLASSES, type Usage } from '@bytespike/kernel';
import fc from 'fast-check';

import {
  affordableOutput,
  affordablePieces,
  capAtHold,
  costOf,
  outcomeCharge,
  piecesUpperBound,
  pricesPieces,
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
    searchCalls: fc.option(fc.bigInt(0n, 50_000_000_000n), { nil: undefined }),
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
    ['four pictures', { images: 4 }, { images: 80_000_000_000n }, 320_000_000_000n, 320_000_000n],
    ['eight seconds of film', { seconds: 8 }, { seconds: 400_000_000_000n }, 3_200_000_000_000n, 3_200_000_000n],
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
    const worst = upperBound({ inputTokens: 1_000, searchCalls: 0, maxOutputTokens: 2_000, candidates });
    // 1,000 x 6.00 (cache write 1 h) + 2,000 x 15.00 USD per million.
    expect(worst).toEqual({ amount: 36_000_000n, dearest: 'sonnet@1' });
  });

  it('pays for every search, at the target where all of it together is dearest', () => {
    const searching = { id: 'searching@1', prices: readUnitPrices({ input: '1', output: '1', searchCalls: '10000' }) };
    const bounds = { inputTokens: 1_000, maxOutputTokens: 2_000, candidates: [...candidates, searching] };
    expect(upperBound({ ...bounds, searchCalls: 3 })).toEqual({ amount: 36_000_000n, dearest: 'sonnet@1' });
    expect(upperBound({ ...bounds, searchCalls: 4 })).toEqual({ amount: 43_000_000n, dearest: 'searching@1' });
  });

  it('bounds sound and pictures, too, which may cost more than words', () => {
    const prices = readUnitPrices({ input: '0.50', output: '3.00', audioInput: '1.00', imageOutput: '30.00' });
    const { amount } = upperBound({
      ...{ inputTokens: 1_000, searchCalls: 0, maxOutputTokens: 100 },
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
      searchCalls: fc.nat(1_000),
    });
    fc.assert(
      fc.property(within, pricesArbitrary, ({ input, cached, output, thought, searchCalls }, prices) => {
        const { amount } = upperBound({
          inputTokens: input + cached,
          searchCalls,
          maxOutputTokens: output + thought,
          candidates: [{ id: 'any@1', prices }],
        });
        const hot = prices.cacheRead === undefined ? 'input' : 'cacheRead';
        const used = {
          input: input + (hot === 'input' ? cached : 0),
          ...(hot === 'cacheRead' && { cacheRead: cached }),
        };
        expect(costOf({ ...used, output, reasoning: thought, searchCalls }, prices).rounded <= amount).toBe(true);
      }),
    );
  });
});

describe('affordableOutput', () => {
  it('is the largest output that fits', () => {
    const arbitrary = fc.record({
      inputTokens: fc.integer({ min: 0, max: 200_000 }),
      searchCalls: fc.nat(20),
      available: fc.bigInt(0n, 10_000_000_000n),
      prices: fc.array(pricesArbitrary, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ inputTokens, searchCalls, available, prices }) => {
        const candidates = prices.map((each, at) => ({ id: `model@${at}`, prices: each }));
        const limit = 64_000;
        const tokens = affordableOutput({ inputTokens, searchCalls, candidates, available, limit });
        const fits = (maxOutputTokens: number): boolean =>
          upperBound({ inputTokens, searchCalls, maxOutputTokens, candidates }).amount <= available;
        expect(tokens === 0 || fits(tokens)).toBe(true);
        expect(tokens === limit || !fits(tokens + 1)).toBe(true);
      }),
    );
  });
});

describe('a render', () => {
  const candidates = [
    { id: 'fast@1', prices: readUnitPrices({ seconds: '200000' }) },
    { id: 'fine@1', prices: readUnitPrices({ seconds: '400000.00' }) },
  ];
  const film = { ending: 'complete', usageSource: 'vendor', contentStarted: true, deliveredOutput: 0 } as const;

  it('holds all of its pieces at the dearest target', () => {
    expect(piecesUpperBound({ seconds: 8 }, candidates)).toEqual({ amount: 3_200_000_000n, dearest: 'fine@1' });
  });

  it('never costs more than was held, whichever target made it and however much of it', () => {
    const priced = fc.record({ images: fc.bigInt(0n, 10n ** 13n), seconds: fc.bigInt(0n, 10n ** 13n) });
    const pieces = fc.record({ images: fc.nat(16), seconds: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(priced, { minLength: 1, maxLength: 4 }), pieces, fc.nat(16), fc.nat(60), (all, ...rest) => {
        const [most, fewer, shorter] = rest;
        const targets = all.map((prices, at) => ({ id: `model@${at}`, prices }));
        const usage = { images: Math.min(fewer, most.images), seconds: Math.min(shorter, most.seconds) };
        const { amount } = piecesUpperBound(most, targets);
        for (const { prices } of targets) {
          const { cost } = outcomeCharge({ ...film, usage }, { inputTokensEstimate: 0, prices });
          expect(capAtHold(cost.rounded, amount)).toEqual({ charged: cost.rounded, overrun: 0n });
        }
      }),
    );
  });

  it('that does not fit is told how much of it would: as much as the money covers, and no piece more', () => {
    const asked = fc.record({
      available: fc.bigInt(0n, 10n ** 10n),
      limit: fc.nat(100),
      price: fc.bigInt(1n, 10n ** 12n),
    });
    fc.assert(
      fc.property(asked, fc.constantFrom(...PIECE_CLASSES), ({ available, limit, price }, piece) => {
        const targets = [{ id: 'model@1', prices: { [piece]: price } }];
        const fits = (count: number): boolean => piecesUpperBound({ [piece]: count }, targets).amount <= available;
        const count = affordablePieces({ [piece]: limit }, targets, available)[piece] ?? 0;
        expect(count === 0 || fits(count)).toBe(true);
        expect(count === limit || !fits(count + 1)).toBe(true);
      }),
    );
  });

  it('is priced when every piece of it has a price of its own', () => {
    expect(pricesPieces({ images: 0n }, { images: 4, input: 9 })).toBe(true);
    expect(pricesPieces({ images: 1n }, { images: 4, seconds: 1 })).toBe(false);
    expect(pricesPieces({ input: 1n }, { seconds: 0, input: 1 })).toBe(true);
  });
});

describe('unitPrice', () => {
  it('never makes an input or output class free when plain input and output have a price', () => {
    const others = new Set<string>(['searchCalls', ...PIECE_CLASSES]);
    for (const usageClass of USAGE_CLASSES.filter((name) => !others.has(name))) {
      expect(unitPrice({ input: 1n, output: 2n }, usageClass)).toBeGreaterThan(0n);
    }
  });

  it('has no stand-in for what is sold by the piece', () => {
    for (const piece of PIECE_CLASSES) expect(unitPrice({ input: 1n, output: 2n, searchCalls: 3n }, piece)).toBe(0n);
  });
});
