import { concurrencyOf } from './concurrency-of.js';

describe('how many requests an account may have in flight', () => {
  it.each([
    { name: 'a free account has its tier’s', tier: 'free', own: null, limit: { concurrency: 5 } },
    { name: 'a pro account has its tier’s', tier: 'pro', own: null, limit: { concurrency: 25 } },
    { name: 'a max account has its tier’s', tier: 'max', own: null, limit: { concurrency: 100 } },
    { name: 'an enterprise has no limit', tier: 'enterprise', own: null, limit: {} },
    { name: 'an enterprise may have a number of its own', tier: 'enterprise', own: 500, limit: { concurrency: 500 } },
    { name: 'a number of its own goes before the tier’s', tier: 'free', own: 1, limit: { concurrency: 1 } },
    { name: 'a number of zero is without limit', tier: 'free', own: 0, limit: {} },
  ] as const)('$name', ({ tier, own, limit }) => {
    expect(concurrencyOf(tier, own)).toEqual(limit);
  });
});
