import { createLogger } from '@bytespike/telemetry';
import { Redis } from 'ioredis';
import { ulid } from 'ulid';

import { breakableLink, type BreakableLink } from '../testing/breakable-link.js';
import { createConcurrency, type Concurrency, type Place } from './concurrency.js';
import { leasesOf } from './lease-scripts.js';
import { openRedisLeaseStore } from './redis-lease-store.js';

const url = process.env['TEST_REDIS_URL'] ?? '';
const logger = createLogger({ service: 'ingress', level: 'silent' });
const LONG_MS = 60_000;
/** As short as a test is patient; renewals are a fifth of it. */
const SHORT_MS = 500;

/** What one ingress process has: a connection and a count of its own. */
async function ingress(leaseMs = LONG_MS, address = url): Promise<Concurrency> {
  const concurrency = await createConcurrency({
    openStore: (whenReachable) => openRedisLeaseStore({ url: address, logger, leaseMs, whenReachable }),
    renewEveryMs: leaseMs / 5,
    secondLookMs: 1,
    logger,
  });
  open.push(concurrency);
  return concurrency;
}
const open: Concurrency[] = [];
const links: BreakableLink[] = [];

const enter = async (concurrency: Concurrency, accountId: string, limit: number) => {
  const place = concurrency.ask({ accountId, concurrency: limit }, ulid());
  return (await place?.refusal) ? undefined : place;
};
const enterAll = async (from: readonly Concurrency[], accountId: string, limit: number, requests: number) => {
  const asked = Array.from({ length: requests }, (_, at) => enter(from[at % from.length]!, accountId, limit));
  return (await Promise.all(asked)).filter((place) => place !== undefined);
};
async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await attempt();
    if (found !== undefined) return found;
  }
}

describe('concurrency in Redis', () => {
  const redis = new Redis(url, { lazyConnect: true });
  const countOf = (accountId: string) => redis.zcard(leasesOf(accountId));

  beforeAll(() => redis.connect());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((concurrency) => concurrency.close()));
    await Promise.all(links.splice(0).map((link) => link.close()));
  });
  afterAll(() => redis.disconnect());

  it.each([{ limit: 1 }, { limit: 5 }, { limit: 25 }])(
    'admits exactly $limit of 500 that ask two processes at the same moment, and as many again',
    async ({ limit }) => {
      const account = ulid();
      const processes = [await ingress(), await ingress()];
      const admitted = await enterAll(processes, account, limit, 500);
      expect(admitted).toHaveLength(limit);
      expect(await countOf(account)).toBe(limit);
      for (const place of admitted) place.leave();
      expect(await enterAll(processes, account, limit, 500)).toHaveLength(limit);
    },
  );

  it('holds a changed limit at once', async () => {
    const account = ulid();
    const process = await ingress();
    const admitted = await enterAll([process], account, 4, 4);
    expect(await enter(process, account, 2)).toBeUndefined();
    expect(await enter(process, account, 5)).toBeDefined();
    for (const place of admitted) place.leave();
    expect(await enter(process, account, 2)).toBeDefined();
  });

  it('leaves nothing behind when everybody has left and the process has gone', async () => {
    const account = ulid();
    const process = await ingress();
    for (const place of await enterAll([process], account, 5, 20)) place.leave();
    process.ask({ accountId: account, concurrency: 5 }, 'left before it was answered')?.leave();
    await process.close();
    open.pop();
    expect(await redis.exists(leasesOf(account))).toBe(0);
  });

  it('gives back what a killed process had, when its leases lapse, and keeps what a living one has', async () => {
    const account = ulid();
    const link = await breakableLink(url);
    links.push(link);
    const [killed, living] = [await ingress(SHORT_MS, link.url), await ingress(SHORT_MS)];
    const kept = await enter(living, account, 3);
    expect(await enterAll([killed], account, 3, 5)).toHaveLength(2);
    expect(await enter(living, account, 3)).toBeUndefined();
    // Renewals, releases: nothing of what it might still say arrives.
    link.become('cut');
    await until(() => enter(living, account, 3));
    await until(() => enter(living, account, 3));
    expect(await enter(living, account, 3)).toBeUndefined();
    expect(kept).toBeDefined();
  });

  it('keeps what lasts longer than a lease', async () => {
    const account = ulid();
    const process = await ingress(SHORT_MS);
    const other = await ingress(SHORT_MS);
    await enterAll([process], account, 2, 2);
    const scores = () => redis.zrange(leasesOf(account), '0', '-1', 'WITHSCORES');
    const before = await scores();
    const [, , , lapsesAt] = before;
    // Only renewals can have moved both beyond the moment at which they would have lapsed.
    await until(async () => {
      const [, first, , second] = await scores();
      return Math.min(Number(first), Number(second)) > Number(lapsesAt) + SHORT_MS ? first : undefined;
    });
    expect(await enter(other, account, 2)).toBeUndefined();
  });

  it.each(['cut', 'silent'] as const)(
    'counts in its own process while Redis is %s, and tells it when it is back',
    async (state) => {
      const account = ulid();
      const link = await breakableLink(url);
      links.push(link);
      const [away, other] = [await ingress(LONG_MS, link.url), await ingress()];
      const [first] = await enterAll([away], account, 3, 1);
      link.become(state);
      const meanwhile = await enterAll([away], account, 3, 50);
      expect(meanwhile).toHaveLength(2);
      meanwhile[0]?.leave();
      await redis.del(leasesOf(account));
      link.become('open');
      await until(async () => ((await countOf(account)) === 2 ? true : undefined));
      expect(await enterAll([other], account, 3, 20)).toHaveLength(1);
      first?.leave();
      expect(await until(() => enter(other, account, 3))).toBeDefined();
    },
  );

  it('gives back, when Redis can be told again, what ended while it could not', async () => {
    const account = ulid();
    const link = await breakableLink(url);
    links.push(link);
    const away = await ingress(LONG_MS, link.url);
    const [ended, lasting] = await enterAll([away], account, 2, 2);
    link.become('cut');
    ended?.leave();
    expect(await countOf(account)).toBe(2);
    link.become('open');
    await until(async () => ((await countOf(account)) === 1 ? true : undefined));
    expect(lasting).toBeDefined();
  });

  it('starts without Redis', async () => {
    const process = await ingress(LONG_MS, 'redis://127.0.0.1:1');
    const admitted: readonly Place[] = await enterAll([process], ulid(), 5, 20);
    expect(admitted).toHaveLength(5);
  });
});
