import { jest } from '@jest/globals';

import { createGroupCommit, type GroupCommitOptions } from './group-commit.js';

/** A store whose commits end when the test says so. */
function heldBackStore() {
  const batches: number[][] = [];
  const releases: (() => void)[] = [];
  const commit = (items: readonly number[]): Promise<readonly string[]> => {
    batches.push([...items]);
    return new Promise((resolve) => releases.push(() => resolve(items.map((item) => `done ${item}`))));
  };
  return { batches, commit, release: () => releases.shift()?.() };
}

const defaults: Omit<GroupCommitOptions<number, string>, 'commit'> = {
  batchMax: 3,
  waitingMax: 100,
  lingerMs: () => 0,
  mayIsolate: () => false,
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('puts what came while the last commit ran into the next one', async () => {
    const store = heldBackStore();
    const group = createGroupCommit({ ...defaults, commit: store.commit });
    const first = group.submit(1);
    await turn();
    const others = [group.submit(2), group.submit(3)];
    store.release();
    await first;
    await turn();
    store.release();
    expect([await Promise.all(others), store.batches]).toEqual([
      ['done 2', 'done 3'],
      [[1], [2, 3]],
    ]);
  });

  it('shares the first batch among the callers of one turn, up to its size', async () => {
    const batches: number[][] = [];
    const commit = (items: readonly number[]): Promise<readonly string[]> => {
      batches.push([...items]);
      return Promise.resolve(items.map(String));
    };
    const group = createGroupCommit({ ...defaults, commit });
    await Promise.all([1, 2, 3, 4, 5].map(group.submit));
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('measures batches and the queue by the weight of what is in them', async () => {
    const batches: number[][] = [];
    const commit = (items: readonly number[]): Promise<readonly string[]> => {
      batches.push([...items]);
      return Promise.resolve(items.map(String));
    };
    const group = createGroupCommit({ ...defaults, waitingMax: 9, weigh: (item) => item, commit });
    const results = await Promise.allSettled([5, 1, 2, 3, 1].map(group.submit));
    expect(batches).toEqual([[5], [1, 2], [1]]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('waits for company when told to linger', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const store = heldBackStore();
    const group = createGroupCommit({ ...defaults, lingerMs: () => 5, commit: store.commit });
    const first = group.submit(1);
    await turn();
    const second = group.submit(2);
    expect(store.batches).toEqual([]);
    await jest.advanceTimersByTimeAsync(5);
    store.release();
    await Promise.all([first, second]);
    expect(store.batches).toEqual([[1, 2]]);
  });

  it('rejects all of a batch that failed, and goes on', async () => {
    let failing = true;
    const commit = (items: readonly number[]): Promise<readonly string[]> =>
      failing ? Promise.reject(new Error('gone')) : Promise.resolve(items.map(String));
    const group = createGroupCommit({ ...defaults, commit });
    const failed = await Promise.allSettled([group.submit(1), group.submit(2)]);
    failing = false;
    expect([failed.map(({ status }) => status), await group.submit(3)]).toEqual([['rejected', 'rejected'], '3']);
  });

  it('commits one by one when the fault may be a single item, so that only that one fails', async () => {
    const commit = (items: readonly number[]): Promise<readonly string[]> =>
      items.includes(2) ? Promise.reject(new Error('poison')) : Promise.resolve(items.map(String));
    const group = createGroupCommit({ ...defaults, commit, mayIsolate: () => true });
    const results = await Promise.allSettled([1, 2, 3].map(group.submit));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('refuses as unavailable what it has no room for', async () => {
    const store = heldBackStore();
    const group = createGroupCommit({ ...defaults, waitingMax: 1, commit: store.commit });
    const first = group.submit(1);
    await expect(group.submit(2)).rejects.toMatchObject({ kind: 'unavailable' });
    await turn();
    store.release();
    await first;
  });

  it('leaves room to others, however much one of them asks for', async () => {
    const store = heldBackStore();
    const group = createGroupCommit({
      ...defaults,
      waitingMax: 12,
      ownerOf: (item) => (item < 100 ? 'flood' : 'other'),
      commit: store.commit,
    });
    const floods = Promise.allSettled(Array.from({ length: 50 }, (_, item) => group.submit(item)));
    const others = [100, 101, 102].map(group.submit);
    while (store.batches.length < 3) {
      await turn();
      store.release();
    }
    const told = await floods;
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect(told.at(-1)).toMatchObject({ status: 'rejected', reason: { kind: 'concurrency', retryAfterMs: 1_000 } });
    expect(await Promise.all(others)).toEqual(['done 100', 'done 101', 'done 102']);
  });

  it('has room again for whoever has been served', async () => {
    const group = createGroupCommit({
      ...defaults,
      waitingMax: 2,
      ownerOf: () => 'one',
      commit: (items: readonly number[]) => Promise.resolve(items.map(String)),
    });
    const [first, refused] = await Promise.allSettled([group.submit(1), group.submit(2)]);
    expect([first?.status, refused?.status, await group.submit(3)]).toEqual(['fulfilled', 'rejected', '3']);
  });

  it('says when everything submitted has been answered', async () => {
    const store = heldBackStore();
    const group = createGroupCommit({ ...defaults, commit: store.commit });
    const answered: string[] = [];
    void group.submit(1).then((result) => answered.push(result));
    await turn();
    const settled = group.settled();
    store.release();
    await settled;
    expect(answered).toEqual(['done 1']);
  });
});
