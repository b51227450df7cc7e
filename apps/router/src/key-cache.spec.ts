import { jest } from '@jest/globals';

import { KEY_CACHE_LIMITS, KeyCache } from './key-cache.js';
import { keyRecord } from './testing/key-record.js';
import { MemoryKeyStore } from './testing/memory-key-store.js';

const { freshMs, unknownFreshMs, staleMs, storeRetryMs, patienceMs, firstPatienceMs } = KEY_CACHE_LIMITS;

function setUp() {
  const store = new MemoryKeyStore();
  const time = { now: 1_000_000 };
  const record = keyRecord();
  store.records.set('good', record);
  return { store, time, record, cache: new KeyCache(store, () => time.now) };
}

describe('KeyCache', () => {
  it('asks the store once while the answer is fresh, and again after', async () => {
    const { store, time, record, cache } = setUp();
    expect(await cache.find('good')).toBe(record);
    time.now += freshMs - 1;
    expect(cache.peek('good')).toBe(record);
    expect(await cache.find('good')).toBe(record);
    expect(store.lookups).toBe(1);
    time.now += 1;
    expect(cache.peek('good')).toBeUndefined();
    await cache.find('good');
    expect(store.lookups).toBe(2);
  });

  it('remembers that a key is unknown, for a short while', async () => {
    const { store, time, record, cache } = setUp();
    expect(await cache.find('new')).toBeUndefined();
    store.records.set('new', record);
    time.now += unknownFreshMs - 1;
    expect(await cache.find('new')).toBeUndefined();
    expect(store.lookups).toBe(1);
    time.now += 1;
    expect(await cache.find('new')).toBe(record);
  });

  it('looks a digest up once for all who ask at the same time', async () => {
    const { store, record, cache } = setUp();
    store.state = 'silent';
    const asked = Promise.all(Array.from({ length: 50 }, () => cache.find('good')));
    store.speak();
    expect(new Set(await asked)).toEqual(new Set([record]));
    expect(store.lookups).toBe(1);
  });

  it('drops a changed key at once, known or unknown', async () => {
    const { store, record, cache } = setUp();
    await cache.find('good');
    await cache.find('new');
    const revoked = keyRecord({ status: 'revoked' });
    store.records.set('good', revoked);
    store.records.set('new', record);
    cache.drop(['good', 'new']);
    expect([await cache.find('good'), await cache.find('new')]).toEqual([revoked, record]);
  });

  it('does not remember what was read before a change', async () => {
    const { store, cache } = setUp();
    store.state = 'silent';
    const early = cache.find('good');
    const revoked = keyRecord({ status: 'revoked' });
    store.records.set('good', revoked);
    cache.drop(['good']);
    store.speak();
    await early;
    expect(await cache.find('good')).toBe(revoked);
  });

  it('keeps a key through an outage of the store, up to an hour, and tries once a second', async () => {
    const { store, time, record, cache } = setUp();
    await cache.find('good');
    store.state = 'down';
    time.now += freshMs;
    expect(await cache.find('good')).toBe(record);
    time.now += storeRetryMs - 1;
    expect(await cache.find('good')).toBe(record);
    expect(store.lookups).toBe(2);
    time.now = 1_000_000 + staleMs;
    await expect(cache.find('good')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never takes a store that cannot answer for an unknown key', async () => {
    const { store, cache } = setUp();
    store.state = 'down';
    await expect(cache.find('good')).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: 1_000 });
    store.state = 'up';
    expect(await cache.find('good')).toBeDefined();
  });

  it('does not serve a key from memory that was dropped while the store was down', async () => {
    const { store, cache } = setUp();
    await cache.find('good');
    store.state = 'down';
    cache.drop(['good']);
    await expect(cache.find('good')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  describe('with a store that does not answer at all', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('waits a little where it has an old answer', async () => {
      const { store, time, record, cache } = setUp();
      await cache.find('good');
      time.now += freshMs;
      store.state = 'silent';
      const found = cache.find('good');
      await jest.advanceTimersByTimeAsync(patienceMs);
      expect(await found).toBe(record);
    });

    it('gives up before its own caller does where it has none', async () => {
      const { store, cache } = setUp();
      store.state = 'silent';
      const refused = expect(cache.find('good')).rejects.toMatchObject({ kind: 'unavailable' });
      await jest.advanceTimersByTimeAsync(firstPatienceMs);
      await refused;
    });

    it('bounds the lookups under way', async () => {
      const { store, cache } = setUp();
      store.state = 'silent';
      const digests = Array.from({ length: KEY_CACHE_LIMITS.lookupsMax }, (_, number) => `guess-${number}`);
      const guesses = Promise.allSettled(digests.map((digest) => cache.find(digest)));
      await expect(cache.find('good')).rejects.toMatchObject({ kind: 'unavailable' });
      expect(store.lookups).toBe(KEY_CACHE_LIMITS.lookupsMax);
      await jest.advanceTimersByTimeAsync(firstPatienceMs);
      await guesses;
    });
  });
});
