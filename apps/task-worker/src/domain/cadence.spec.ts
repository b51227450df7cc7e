import { firstAskMs, leisureMs, nextAskMs, retryMs, spread } from './cadence.js';

const pace = { random: () => 0.5, askMsMax: 20_000 };

describe('when a vendor is asked', () => {
  it.each([
    ['a short render', 4, 1_000],
    ['a usual one', 90, 18_000],
    ['a long one', 3_600, 60_000],
  ])('first about %s: after a fifth of what it takes, within bounds', (_name, estimatedSeconds, expected) => {
    expect(firstAskMs(estimatedSeconds, pace)).toBe(expected);
  });

  it('then ever more seldom, up to twenty seconds', () => {
    const asked = [0, 1, 2, 3, 4, 10];
    const waits = asked.map((times) => nextAskMs({ asked: times, ageMs: 30_000, estimatedSeconds: 90 }, pace));
    expect(waits).toEqual([5_000, 7_500, 11_250, 16_875, 20_000, 20_000]);
  });

  it('at leisure about what is late', () => {
    expect(nextAskMs({ asked: 9, ageMs: 3_600_000, estimatedSeconds: 90 }, pace)).toBe(60_000);
    expect(leisureMs(pace)).toBe(60_000);
  });

  it('a fifth sooner or later, so that tasks do not stay together', () => {
    expect([0, 0.25, 1].map((random) => spread(1_000, { ...pace, random: () => random }))).toEqual([800, 900, 1_200]);
  });

  it('again after a failure: twice as long each time, up to the most', () => {
    const waits = [0, 1, 2, 9, 99].map((tries) => retryMs(tries, { firstMs: 1_000, mostMs: 60_000 }, pace));
    expect(waits).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  });
});
