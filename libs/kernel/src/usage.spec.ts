import { addUsage } from './usage.js';

describe('addUsage', () => {
  it('adds class by class, and leaves absent what neither reported', () => {
    expect(addUsage({ input: 7, output: 3, cacheRead: 0 }, { input: 5, reasoning: 2 })).toEqual({
      input: 12,
      cacheRead: 0,
      output: 3,
      reasoning: 2,
    });
    expect(addUsage({}, {})).toEqual({});
  });
});
