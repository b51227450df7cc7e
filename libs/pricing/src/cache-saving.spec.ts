import { cacheSaving } from './cache-saving.js';
import { readUnitPrices } from './unit-prices.js';

const prices = readUnitPrices({ input: '3.00', cacheRead: '0.30', cacheWrite5m: '3.75', output: '15.00' });

describe('what caching saved', () => {
  it.each([
    { name: 'nothing without a cache', usage: { input: 1_000, output: 50 }, saved: 0n },
    { name: 'the difference for what was read', usage: { input: 5, cacheRead: 1_000 }, saved: 2_700_000_000n },
    { name: 'less than nothing for what was only written', usage: { cacheWrite5m: 1_000 }, saved: -750_000_000n },
    {
      name: 'reads less what the writes cost more',
      usage: { cacheRead: 1_000, cacheWrite5m: 1_000 },
      saved: 1_950_000_000n,
    },
    {
      name: 'a write without a price of its own as the one it stands in for',
      usage: { cacheWrite1h: 4 },
      saved: -3_000_000n,
    },
  ])('is $name', ({ usage, saved }) => {
    expect(cacheSaving(usage, prices)).toBe(saved);
  });
});
