import { freesAt } from './frees-at.js';
import { leavesAt } from './spans.js';

const MINUTE = 60_000;
const use = (settled: bigint, held = 0n) => ({
  ...{ cap: { subject: 'key:a', span: '5h' as const, limit: 100n }, settled, held },
  leavesAt: leavesAt('5h', 0),
});
/** 30 in the first bucket, 40 in the next, 20 in the one after. */
const buckets = [
  { at: 0, settled: 30n },
  { at: 5 * MINUTE, settled: 40n },
  { at: 10 * MINUTE, settled: 20n },
];

describe('a window frees', () => {
  it.each([
    { name: 'with its oldest bucket, where that makes room', amount: 40n, bucket: 0 },
    { name: 'with the next, where that is needed', amount: 41n, bucket: 5 * MINUTE },
    { name: 'with the last, where all of it is needed', amount: 100n, bucket: 10 * MINUTE },
    { name: 'with its oldest bucket, for more than it ever affords', amount: 101n, bucket: 0 },
  ])('$name', ({ amount, bucket }) => {
    expect(freesAt(use(90n), amount, buckets)).toBe(leavesAt('5h', bucket));
  });

  it('nobody knows when, where only open holds stand in the way', () => {
    expect(freesAt(use(90n, 10n), 10n, buckets)).toBeUndefined();
  });
});
