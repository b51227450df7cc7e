import { delayAfter } from './ladder.js';

const HOURS = 3_600_000;

/** The pauses of a whole ladder, until no attempt follows. */
function climb(random: () => number): number[] {
  const pauses: number[] = [];
  for (let pause = delayAfter(1, random); pause !== undefined; pause = delayAfter(pauses.length + 1, random))
    pauses.push(pause);
  return pauses;
}

describe('the ladder of a callback', () => {
  it.each([
    { name: 'the shortest pauses', random: () => 0, hours: 46 },
    { name: 'the longest', random: () => 0.999, hours: 49 },
  ])('has ten attempts and takes $hours hours with $name', ({ random, hours }) => {
    const pauses = climb(random);
    const taken = pauses.reduce((sum, pause) => sum + pause, 0);
    expect({ attempts: pauses.length + 1, hours: Math.floor(taken / HOURS) }).toEqual({ attempts: 10, hours });
  });

  it('waits longer each time', () => {
    const pauses = climb(() => 0.5);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });
});
