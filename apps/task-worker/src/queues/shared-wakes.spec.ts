import { SharedWakes } from './shared-wakes.js';

describe('a wake that many ask for', () => {
  it('is noted once until it is due, and again after', () => {
    let now = 1_000;
    const wakes = new SharedWakes(() => now);
    expect(wakes.isNoted('poll-1500')).toBe(false);
    wakes.noted('poll-1500', 500);
    expect([wakes.isNoted('poll-1500'), wakes.isNoted('poll-2000')]).toEqual([true, false]);

    now = 1_500;
    expect(wakes.isNoted('poll-1500')).toBe(false);
  });

  it('is forgotten when too many are known, so that it is noted once too often', () => {
    const wakes = new SharedWakes(() => 0);
    for (let slot = 0; slot < 1_001; slot += 1) wakes.noted(`poll-${String(slot)}`, 60_000);

    expect([wakes.isNoted('poll-0'), wakes.isNoted('poll-1000')]).toEqual([false, true]);
  });
});
