import { pruneBuckets } from './prune-buckets.js';

/** A store with so many old buckets; tells how often it was asked. */
function storeWith(old: number) {
  const asked: number[] = [];
  const pruneSpend = (limit: number): Promise<number> => {
    asked.push(limit);
    const removed = Math.min(limit, old);
    old -= removed;
    return Promise.resolve(removed);
  };
  return { asked, pruneSpend };
}

describe('pruning', () => {
  it.each([
    { name: 'asks once when there is little', old: 7, times: 1 },
    { name: 'goes on until all is gone', old: 2_500, times: 3 },
    { name: 'leaves the rest of very much for later', old: 1_000_000, times: 100 },
  ])('$name', async ({ old, times }) => {
    const store = storeWith(old);
    await pruneBuckets(store);
    expect(store.asked).toHaveLength(times);
  });
});
