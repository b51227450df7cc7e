import { createLogger } from '@bytespike/telemetry';

import { memoryLeaseStore } from '../testing/memory-lease-store.js';
import { createConcurrency, type Concurrency, type Place } from './concurrency.js';
import type { LeaseStore } from './lease-store.js';

const logger = createLogger({ service: 'ingress', level: 'silent' });
const opened: Concurrency[] = [];
afterEach(() => Promise.all(opened.splice(0).map((concurrency) => concurrency.close())));

async function over(store: LeaseStore): Promise<Concurrency> {
  const concurrency = await createConcurrency({
    openStore: async () => store,
    renewEveryMs: 60_000,
    secondLookMs: 1,
    logger,
  });
  opened.push(concurrency);
  return concurrency;
}

const CALLER = { accountId: 'a', concurrency: 2 };

/** Asks for a place and says whether there was room. */
async function ask(concurrency: Concurrency, requestId: string, caller = CALLER): Promise<Place & { kind?: string }> {
  const place = concurrency.ask(caller, requestId);
  if (!place) throw new Error('a caller with a limit needs a place');
  const refusal = await place.refusal;
  return { ...place, ...(refusal && { kind: refusal.kind }) };
}

describe('concurrency of an account', () => {
  it('asks nobody about an account without a limit', async () => {
    const store = memoryLeaseStore();
    const concurrency = await over({ ...store, take: () => Promise.reject(new Error('was asked')) });
    expect(concurrency.ask({ accountId: 'a' }, 'r1')).toBeUndefined();
  });

  it('has room for as many as its limit, over all processes, and again for each that leaves', async () => {
    const store = memoryLeaseStore();
    const [here, there] = [await over(store), await over(store)];
    const first = await ask(here, 'r1');
    await ask(there, 'r2');
    expect(await Promise.all([ask(here, 'r3'), ask(there, 'r4')])).toMatchObject([
      { kind: 'concurrency' },
      { kind: 'concurrency' },
    ]);
    first.leave();
    first.leave();
    expect((await ask(there, 'r5')).kind).toBeUndefined();
    expect([...store.leases]).toEqual(['a r2', 'a r5']);
  });

  it('tells the refused the limit, and to come back in a second', async () => {
    const concurrency = await over(memoryLeaseStore());
    const held = concurrency.ask({ accountId: 'a', concurrency: 1 }, 'r1');
    await held?.refusal;
    expect(await concurrency.ask({ accountId: 'a', concurrency: 1 }, 'r2')?.refusal).toMatchObject({
      kind: 'concurrency',
      retryAfterMs: 1_000,
      message: expect.stringContaining('may have 1 request in flight'),
    });
  });

  it('counts every account for itself', async () => {
    const concurrency = await over(memoryLeaseStore());
    const places = await Promise.all(
      ['a', 'b', 'c'].map((accountId) => ask(concurrency, accountId, { accountId, concurrency: 1 })),
    );
    expect(places.filter(({ kind }) => kind)).toEqual([]);
  });

  it('admits who asked while another was about to leave', async () => {
    const concurrency = await over(memoryLeaseStore());
    const [first] = [await ask(concurrency, 'r1'), await ask(concurrency, 'r2')];
    const third = ask(concurrency, 'r3');
    first.leave();
    expect((await third).kind).toBeUndefined();
  });

  it('gives back what was taken for a request that did not wait for it', async () => {
    const store = memoryLeaseStore();
    const concurrency = await over(store);
    const place = concurrency.ask(CALLER, 'r1');
    place?.leave();
    await place?.refusal;
    expect([...store.leases]).toEqual([]);
    expect((await ask(concurrency, 'r2')).kind).toBeUndefined();
  });

  it('counts in this process alone while the store does not answer, and takes back what it may have counted', async () => {
    const released: string[] = [];
    const concurrency = await over({
      ...memoryLeaseStore(),
      take: async () => 'unanswered',
      release: async ({ requestId }) => {
        released.push(requestId);
        return 'released';
      },
    });
    const places = await Promise.all(['r1', 'r2', 'r3', 'r4'].map((id) => ask(concurrency, id)));
    expect(places.map(({ kind }) => kind ?? 'in')).toEqual(['in', 'in', 'concurrency', 'concurrency']);
    expect(released).toEqual(['r3', 'r4']);
    places[0]?.leave();
    expect((await ask(concurrency, 'r5')).kind).toBeUndefined();
  });

  it('does not believe a store that has forgotten what runs here', async () => {
    const store = memoryLeaseStore();
    const concurrency = await over(store);
    await Promise.all([ask(concurrency, 'r1'), ask(concurrency, 'r2')]);
    store.leases.clear();
    expect((await ask(concurrency, 'r3')).kind).toBe('concurrency');
  });

  it('states anew what runs here when the store is back, and not what has ended meanwhile', async () => {
    const store = memoryLeaseStore();
    let tellBack = (): void => undefined;
    let renewed = (): void => undefined;
    const isRenewed = new Promise<void>((resolve) => (renewed = resolve));
    const concurrency = await createConcurrency({
      openStore: async (whenReachable) => {
        tellBack = whenReachable;
        return {
          ...store,
          renew: async (accountId, requestIds) => {
            leaving.leave();
            await store.renew(accountId, requestIds);
            renewed();
          },
        };
      },
      renewEveryMs: 60_000,
      logger,
    });
    opened.push(concurrency);
    await ask(concurrency, 'stays');
    const leaving = await ask(concurrency, 'leaves');
    store.leases.clear();
    tellBack();
    await isRenewed;
    await Promise.resolve();
    expect([...store.leases]).toEqual(['a stays']);
  });
});
