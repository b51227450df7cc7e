import { errorKinds, PIECE_CLASSES, USAGE_CLASSES, type Usage } from '@bytespike/kernel';
import fc from 'fast-check';

import {
  capAtHold,
  costOf,
  outcomeCharge,
  OUTCOME_CASES,
  OUTCOME_TABLE,
  readUnitPrices,
  upperBound,
  type OutcomeFact,
} from './index.js';

const prices = readUnitPrices({
  input: '3.00',
  output: '15.00',
  cacheRead: '0.30',
  images: '80000.00',
  seconds: '400000.00',
});
const context = { inputTokensEstimate: 1_200, prices };

const answer: OutcomeFact = {
  ending: 'complete',
  finish: 'stop',
  usage: { input: 1_000, cacheRead: 100, output: 50 },
  usageSource: 'vendor',
  contentStarted: true,
  deliveredOutput: 48,
};
const failure = { kind: 'upstream-transient', message: 'reset' } as const;

describe('the outcome table, row by row', () => {
  it.each<[string, Partial<OutcomeFact>, string, Usage, bigint, string[]]>([
    ['a complete answer', {}, 'complete', answer.usage ?? {}, 3_780_000n, []],
    ['a complete answer cut at its token limit', { finish: 'length' }, 'complete', answer.usage ?? {}, 3_780_000n, []],
    ['a refusal in words', { finish: 'refusal' }, 'complete', answer.usage ?? {}, 3_780_000n, []],
    ['an answer that cannot be used', { finish: 'unusable' }, 'unusable', {}, 0n, []],
    ['a tool call', { finish: 'tool-calls' }, 'complete', answer.usage ?? {}, 3_780_000n, []],
    ['a failure before content', { ending: 'failed', failure, contentStarted: false }, 'failed', {}, 0n, []],
    ['a failure after content', { ending: 'failed', failure }, 'failed', {}, 0n, []],
    ['a refusal by the vendor', { ending: 'failed', failure: { kind: 'upstream-refused' } }, 'refused', {}, 0n, []],
    ['a safety block', { ending: 'failed', failure: { kind: 'upstream-blocked' } }, 'refused', {}, 0n, []],
    ['too long a context', { ending: 'failed', failure: { kind: 'context-too-long' } }, 'unservable', {}, 0n, []],
    ['our going down', { ending: 'failed', failure: { kind: 'unavailable' } }, 'failed-by-us', {}, 0n, []],
    ['our breaking off', { ending: 'truncated', failure: { kind: 'unavailable' } }, 'broken-off-by-us', {}, 0n, []],
    ['a truncated stream', { ending: 'truncated' }, 'truncated', {}, 0n, []],
    ['a 200 that carries an error', { failure }, 'error-in-answer', {}, 0n, []],
    ['a refusal before content', { finish: 'refusal', contentStarted: false }, 'refused-before-content', {}, 0n, []],
    ['an empty generation', { contentStarted: false, deliveredOutput: 0, usage: { input: 9 } }, 'empty', {}, 0n, []],
    [
      'a cache that was filled, which is all that was asked for',
      { outputUnwanted: true, contentStarted: false, deliveredOutput: 0, finish: 'length', usage: { input: 10 } },
      'cache-filled',
      { input: 10 },
      30_000n,
      [],
    ],
    [
      'a cache that was to be filled, by a vendor that thinks all the same',
      { outputUnwanted: true, contentStarted: false, deliveredOutput: 0, usage: { input: 9, reasoning: 64 } },
      'empty',
      {},
      0n,
      [],
    ],
    [
      'a cache that was to be filled, by a vendor that does not say what it used',
      { outputUnwanted: true, contentStarted: false, deliveredOutput: 0, usage: undefined, usageSource: 'counted' },
      'empty',
      {},
      0n,
      [],
    ],
    ['an answer that nobody wanted', { outputUnwanted: true }, 'complete', answer.usage ?? {}, 3_780_000n, []],
    ['usage that does not reconcile', { quarantined: true }, 'quarantined', {}, 0n, ['quarantined']],
    [
      'an empty generation that was thought about',
      { contentStarted: false, deliveredOutput: 0, usage: { input: 9, reasoning: 64 } },
      'empty',
      {},
      0n,
      [],
    ],
    [
      'a picture and no words',
      { contentStarted: false, deliveredOutput: 0, usage: { input: 10, imageOutput: 2 } },
      'complete',
      { input: 10, imageOutput: 2 },
      60_000n,
      [],
    ],
    ['a film', { usage: { seconds: 8 } }, 'made', { seconds: 8 }, 3_200_000_000n, []],
    ['pictures, and none of our tokens', { usage: { images: 3, output: 9 } }, 'made', { images: 3 }, 240_000_000n, []],
    [
      'pictures nobody looked at',
      { contentStarted: false, usage: { images: 1 } },
      'made',
      { images: 1 },
      80_000_000n,
      [],
    ],
    [
      'a film of which nothing is left',
      { usage: { seconds: 0 }, contentStarted: false, deliveredOutput: 0 },
      'empty',
      {},
      0n,
      [],
    ],
    ['a film that was lost', { ending: 'failed', failure, usage: { seconds: 8 } }, 'undelivered', {}, 0n, []],
    ['pictures that broke off', { ending: 'truncated', usage: { images: 2 } }, 'truncated', {}, 0n, []],
    [
      'a film that was cancelled and is billed in part',
      { ending: 'cancelled', contentStarted: false, usage: { seconds: 3 } },
      'cancelled-when-made',
      { seconds: 3 },
      1_200_000_000n,
      [],
    ],
    [
      'a film that was cancelled and is not billed',
      { ending: 'cancelled', contentStarted: false, usage: {} },
      'cancelled-before-content',
      {},
      0n,
      [],
    ],
    ['a cut before content', { ending: 'cut', contentStarted: false }, 'cut-before-content', {}, 0n, []],
    ['a cut with doubtful usage', { ending: 'cut', quarantined: true }, 'quarantined', {}, 0n, ['quarantined']],
    [
      'a cut after content',
      { ending: 'cut', failure: { kind: 'insufficient-credit' } },
      'cut-at-own-limit',
      { input: 1_000, cacheRead: 100, output: 48 },
      3_750_000n,
      ['estimated'],
    ],
    ['an abort before content', { ending: 'cancelled', contentStarted: false }, 'cancelled-before-content', {}, 0n, []],
    [
      'an abort after content, input reported',
      { ending: 'cancelled' },
      'cancelled-after-content',
      { input: 1_000, cacheRead: 100, output: 48 },
      3_750_000n,
      ['estimated'],
    ],
    [
      'an abort after content, nothing reported',
      { ending: 'cancelled', usage: undefined, usageSource: 'none' },
      'cancelled-after-content',
      { input: 1_200, output: 48 },
      4_320_000n,
      ['estimated'],
    ],
    [
      'a clean end whose usage we counted',
      { usageSource: 'counted', usage: { input: 900, output: 40 } },
      'complete-without-usage',
      { input: 900, output: 40 },
      3_300_000n,
      ['counted'],
    ],
    [
      'a clean end without any usage',
      { usageSource: 'none', usage: undefined },
      'complete-without-usage',
      { input: 1_200, output: 48 },
      4_320_000n,
      ['counted'],
    ],
  ])('%s', (_name, change, rule, units, rounded, flags) => {
    const charge = outcomeCharge({ ...answer, ...change }, context);
    expect({ rule: charge.rule, units: charge.units, rounded: charge.cost.rounded, flags: charge.flags }).toEqual({
      rule,
      units,
      rounded,
      flags,
    });
  });

  it('tests every row that there is', () => {
    const rules = Object.values(OUTCOME_TABLE).flatMap((rows) => rows.map(({ rule }) => rule));
    expect([...new Set(rules)].sort()).toEqual([
      'broken-off-by-us',
      'cache-filled',
      'cancelled-after-content',
      'cancelled-before-content',
      'cancelled-when-made',
      'complete',
      'complete-without-usage',
      'cut-at-own-limit',
      'cut-before-content',
      'empty',
      'error-in-answer',
      'failed',
      'failed-by-us',
      'made',
      'quarantined',
      'refused',
      'refused-before-content',
      'truncated',
      'undelivered',
      'unservable',
      'unusable',
    ]);
  });

  it('frees and quarantines what has no price or an unbelievable one', () => {
    const absurd = { ...answer, usage: { input: Number.MAX_SAFE_INTEGER } };
    expect(outcomeCharge(answer, { ...context, prices: undefined })).toMatchObject({
      rule: 'no-price',
      flags: ['quarantined'],
    });
    const film = { ...answer, usage: { seconds: 8 } };
    expect(outcomeCharge(film, { ...context, prices: { input: 1n } })).toMatchObject({
      rule: 'no-price',
      flags: ['quarantined'],
    });
    expect(outcomeCharge(absurd, context)).toMatchObject({
      rule: 'unbelievable',
      billed: 'nothing',
      flags: ['quarantined'],
    });
  });
});

const outcomes: fc.Arbitrary<OutcomeFact> = fc.record({
  ending: fc.constantFrom('complete', 'failed', 'cancelled', 'truncated', 'cut'),
  finish: fc.constantFrom(undefined, 'stop', 'length', 'refusal', 'tool-calls', 'unusable', 'other'),
  usage: fc.option(fc.dictionary(fc.constantFrom(...USAGE_CLASSES), fc.nat(1_000_000)), { nil: undefined }),
  usageSource: fc.constantFrom('vendor', 'counted', 'none'),
  quarantined: fc.constantFrom(undefined, true, false),
  outputUnwanted: fc.constantFrom(undefined, true),
  contentStarted: fc.boolean(),
  deliveredOutput: fc.nat(100_000),
  failure: fc.option(fc.record({ kind: fc.constantFrom(...errorKinds) }), { nil: undefined }),
});

describe('the cases that the contract names', () => {
  it('meet every row but those that only a broken caller of the table could', () => {
    const met = new Set(OUTCOME_CASES.map(({ fact }) => outcomeCharge(fact, context).rule));
    const rules = Object.values(OUTCOME_TABLE).flatMap((rows) => rows.map(({ rule }) => rule));
    expect([...new Set(rules)].filter((rule) => !met.has(rule))).toEqual(['cut-before-content']);
  });

  it('cost something only where 8.1, 8.3, the cut of 0.5 or a cache that was to be filled says so', () => {
    const billed = OUTCOME_CASES.filter(({ fact }) => outcomeCharge(fact, context).billed !== 'nothing');
    expect(billed.map(({ what }) => what)).toEqual([
      'a whole answer',
      'an answer that ends at its token limit',
      'a tool call',
      "a model's refusal in words",
      'a whole stream without usage',
      'a cache that you have filled',
      'you leave after content, its input reported',
      'you leave after content, nothing reported',
      'your own limit ends a stream that started short',
      'a film',
      'pictures, each of them by itself',
      'fewer pictures than were asked for',
      'you cancel a render that its vendor bills as far as it had come',
    ]);
  });
});

describe('failover', () => {
  const cheap = readUnitPrices({ input: '1.00', output: '2.00' });
  const dear = readUnitPrices({ input: '5.00', output: '25.00' });
  const candidates = [
    { id: 'cheap@1', prices: cheap },
    { id: 'dear@1', prices: dear },
  ];

  it('charges the one that answered at its own price, dearer or cheaper, and never more than was held', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(8_000), fc.constantFrom(...candidates), (input, output, answered) => {
        const { amount: held } = upperBound({
          inputTokens: input,
          searchCalls: 0,
          maxOutputTokens: output,
          candidates,
        });
        const { cost } = outcomeCharge(
          { ...answer, usage: { input, output } },
          { ...context, prices: answered.prices },
        );
        expect(cost).toEqual(costOf({ input, output }, answered.prices));
        expect(capAtHold(cost.rounded, held)).toEqual({ charged: cost.rounded, overrun: 0n });
      }),
    );
  });

  it('leaves to us what a target uses beyond what it was asked for', () => {
    const { amount: held } = upperBound({ inputTokens: 100, searchCalls: 0, maxOutputTokens: 10, candidates });
    const { cost } = outcomeCharge({ ...answer, usage: { input: 100, output: 11 } }, { ...context, prices: dear });
    expect(capAtHold(cost.rounded, held)).toEqual({ charged: held, overrun: 25_000n });
  });
});

describe('the outcome table, as laws', () => {
  it('costs nothing unless an answer was complete, or something was made or delivered when the caller left or ran out', () => {
    fc.assert(
      fc.property(outcomes, (fact) => {
        const isOwnDoing = fact.ending === 'cancelled' || fact.ending === 'cut';
        const wasMade = fact.ending === 'cancelled' && PIECE_CLASSES.some((piece) => fact.usage?.[piece]);
        const mayCost = fact.ending === 'complete' || (isOwnDoing && fact.contentStarted) || wasMade;
        expect(mayCost || outcomeCharge(fact, context).cost.exact === 0n).toBe(true);
      }),
    );
  });

  it('never bills what is doubted, and never an error', () => {
    fc.assert(
      fc.property(outcomes, (fact) => {
        const failed = fact.quarantined === true || (fact.failure !== undefined && fact.ending === 'complete');
        expect(!failed || outcomeCharge(fact, context).billed === 'nothing').toBe(true);
      }),
    );
  });

  it('bills no unit without a row that says so', () => {
    fc.assert(
      fc.property(outcomes, (fact) => {
        const { billed, units, cost } = outcomeCharge(fact, context);
        expect(billed !== 'nothing' || (Object.keys(units).length === 0 && cost.rounded === 0n)).toBe(true);
      }),
    );
  });
});
