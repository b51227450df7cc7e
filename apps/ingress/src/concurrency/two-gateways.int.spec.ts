import { createLogger } from '@bytespike/telemetry';
import { Redis } from 'ioredis';
import { ulid } from 'ulid';

import { answering, type Script } from '../testing/fake-platform.js';
import { ASKING, runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { principal } from '../testing/samples.js';
import { step, until } from '../testing/steps.js';
import { LEASE_MS } from './concurrency.js';
import { leasesOf } from './lease-scripts.js';
import { openRedisLeaseStore } from './redis-lease-store.js';

const url = process.env['TEST_REDIS_URL'] ?? '';
const logger = createLogger({ service: 'ingress', level: 'silent' });
const ASKED = 500;
const LIMIT = 25;

describe('two gateways before one Redis', () => {
  const redis = new Redis(url, { lazyConnect: true });
  const open: IngressUnderTest[] = [];
  beforeAll(() => redis.connect());
  afterEach(() => Promise.all(open.splice(0).map((gateway) => gateway.stop())));
  afterAll(() => redis.disconnect());

  async function twoGateways(script: Script): Promise<IngressUnderTest[]> {
    const openLeases = (whenReachable: () => void) =>
      openRedisLeaseStore({ url, logger, leaseMs: LEASE_MS, whenReachable });
    open.push(await runIngress(script, { openLeases }), await runIngress(script, { openLeases }));
    return open;
  }

  it(`admit ${LIMIT} of ${ASKED} requests of one account, and leave nothing behind when they go down`, async () => {
    const accountId = ulid();
    const end = step();
    const gateways = await twoGateways({
      routing: { authenticate: async () => ({ ...principal, accountId, concurrency: LIMIT }) },
      generate: async (...call) => {
        await end.done;
        return answering(['{}'])(...call);
      },
    });
    const running = (): number => gateways.reduce((sum, { heard }) => sum + heard.generated.length, 0);
    let refused = 0;
    const replies = Array.from({ length: ASKED }, async (_, at) => {
      const reply = await gateways[at % 2]!.send(ASKING.chat);
      if (reply.status === 429) refused += 1;
      return reply.status;
    });
    await until(() => running() + refused === ASKED);
    expect([running(), refused]).toEqual([LIMIT, ASKED - LIMIT]);
    expect(await redis.zcard(leasesOf(accountId))).toBe(LIMIT);
    end.take();
    const statuses = await Promise.all(replies);
    expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
    for (const gateway of open.splice(0)) await gateway.stop();
    expect(await redis.exists(leasesOf(accountId))).toBe(0);
  });
});
