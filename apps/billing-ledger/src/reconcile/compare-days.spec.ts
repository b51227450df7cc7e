import { compareDays } from './compare-days.js';
import type { VendorDay } from './read-export.js';
import { daysAsJson, describeDays } from './describe-days.js';

const tolerance = { tokens: 10_000n, cost: 10_000n };
const amounts = (inputTokens: bigint, outputTokens: bigint, cost: bigint) => ({ inputTokens, outputTokens, cost });
const day = (model: string, inputTokens: bigint, outputTokens: bigint, cost: bigint) => ({
  day: '2026-11-01',
  model,
  ...amounts(inputTokens, outputTokens, cost),
});
const delivered = (model: string, inputTokens: bigint, outputTokens: bigint, cost: bigint, made: object = {}) => ({
  ...day(model, inputTokens, outputTokens, cost),
  ...{ images: 0n, seconds: 0n, requests: 3n },
  ...made,
});
const compare = (theirs: VendorDay[], ours: ReturnType<typeof delivered>[]) =>
  compareDays(
    theirs,
    { delivered: ours, free: [{ day: '2026-11-01', model: 'a', attempts: 2n, atMost: 5_000_000n }] },
    tolerance,
  );

describe('days of a vendor and of ours', () => {
  it.each([
    ['the same', 1_000n, 100n, 5_000n, []],
    ['at the tolerance', 1_000n, 100n, 4_950n, []],
    ['just beyond it', 1_000n, 100n, 4_949n, ['cost']],
    ['apart in every respect', 989n, 102n, 5_051n, ['inputTokens', 'outputTokens', 'cost']],
  ])('are %s', (_name, inputTokens, outputTokens, cost, beyond) => {
    const [row] = compare([day('a', 1_000n, 100n, 5_000n)], [delivered('a', inputTokens, outputTokens, cost)]);
    expect(row?.beyond).toEqual(beyond);
    expect(row?.drift.cost).toBe(5_000n - cost);
  });

  it('drift where only one side knows a model, and tell of free attempts apart', () => {
    const rows = compare([day('b', 1n, 0n, 0n)], [delivered('c', 0n, 1n, 0n)]);
    expect(rows.map(({ model, beyond, free, requests }) => [model, beyond, free.attempts, requests])).toEqual([
      ['a', [], 2n, 0n],
      ['b', ['inputTokens'], 0n, 0n],
      ['c', ['outputTokens'], 0n, 3n],
    ]);
  });

  it.each([
    ['as many seconds, and tokens that only the vendor counts', { seconds: 8n }, 8n, []],
    ['more seconds than it says', { seconds: 8n }, 9n, ['seconds']],
    ['seconds of which its export says nothing', {}, 9n, []],
  ])('of films are %s', (_name, said, seconds, beyond) => {
    const [row] = compare(
      [{ ...day('a', 0n, 50_000n, 5_000n), ...said }],
      [delivered('a', 0n, 0n, 5_000n, { seconds })],
    );
    expect(row?.beyond).toEqual(beyond);
  });

  it('are told to people and to machines', () => {
    const rows = compare([day('a', 1_000n, 100n, 5_000_000n)], [delivered('a', 1_000n, 90n, 5_000_000n)]);
    expect(describeDays(rows)).toMatch(
      /DRIFT {2}2026-11-01 {2}a +1000\/1000 +100\/90 ! +0\/0 +0\/0 +0\.005\/0\.005 +2, at most 0\.005\n1 of 1 rows drift\.$/,
    );
    expect(describeDays(compare([], []))).toMatch(/What the vendor says is what we say\.$/);
    expect(JSON.parse(daysAsJson(rows))).toMatchObject([
      {
        day: '2026-11-01',
        model: 'a',
        drift: { outputTokens: '10', cost: '0.00' },
        beyond: ['outputTokens'],
        requests: '3',
      },
    ]);
  });
});
