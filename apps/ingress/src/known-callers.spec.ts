import { configuration } from '@bytespike/contracts';
import type { Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { digestKey } from '@bytespike/secrets';

import { KNOWN_CALLERS_LIMITS, KnownCallers } from './known-callers.js';
import { ASKING, runIngress } from './testing/run-ingress.js';
import { API_KEY, PEPPER, principal } from './testing/samples.js';

const { callersMax, changesMax, freshMs, settlingMs } = KNOWN_CALLERS_LIMITS;
const HERE = { keyDigest: 'd', clientAddress: '10.0.0.1' };

/** A router that answers by script, and a clock of our own. */
function setUp() {
  const asked: string[] = [];
  const time = { now: 1_000_000 };
  const router = { answer: (): Promise<Principal> => Promise.resolve(principal) };
  const callers = new KnownCallers({
    now: () => time.now,
    routing: {
      authenticate: ({ keyDigest, clientAddress }) => {
        asked.push(`${keyDigest} ${clientAddress}`);
        return router.answer();
      },
    },
  });
  return { asked, time, router, callers, find: (changes = {}) => callers.find({ ...HERE, ...changes }, 'r-1') };
}

describe('KnownCallers', () => {
  it('asks once while the answer is fresh, and again after', async () => {
    const { asked, time, find } = setUp();
    expect(await find()).toBe(principal);
    time.now += freshMs - 1;
    expect(await find()).toBe(principal);
    expect(asked).toHaveLength(1);
    time.now += 1;
    await find();
    expect(asked).toHaveLength(2);
  });

  it('asks once for all who ask at the same time', async () => {
    const { asked, find } = setUp();
    const found = await Promise.all(Array.from({ length: 50 }, () => find()));
    expect(new Set(found)).toEqual(new Set([principal]));
    expect(asked).toHaveLength(1);
  });

  it('knows a key for one address only', async () => {
    const { asked, router, find } = setUp();
    await find();
    router.answer = () => Promise.reject(new GatewayError('forbidden', 'not from here'));
    await expect(find({ clientAddress: '10.0.0.2' })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await find()).toBe(principal);
    expect(asked).toEqual(['d 10.0.0.1', 'd 10.0.0.2']);
  });

  it('remembers no refusal', async () => {
    const { router, callers, find } = setUp();
    router.answer = () => Promise.reject(new GatewayError('unauthenticated', 'no such key'));
    await expect(find()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(callers.size).toBe(0);
    router.answer = () => Promise.resolve(principal);
    expect(await find()).toBe(principal);
  });

  it('serves what is fresh while the router cannot answer, and nothing else', async () => {
    const { time, router, find } = setUp();
    await find();
    router.answer = () => Promise.reject(new GatewayError('unavailable', 'nobody serves it'));
    time.now += freshMs - 1;
    expect(await find()).toBe(principal);
    await expect(find({ keyDigest: 'other' })).rejects.toMatchObject({ kind: 'unavailable' });
    time.now += 1;
    await expect(find()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('asks again about a changed key, also when its answer was under way', async () => {
    const { asked, time, callers, find } = setUp();
    await find();
    const underWay = find({ clientAddress: '10.0.0.2' });
    callers.drop(['d']);
    time.now += settlingMs;
    await Promise.all([find(), find({ clientAddress: '10.0.0.2' }), underWay]);
    expect(asked).toHaveLength(4);
    await find();
    expect(asked).toHaveLength(4);
  });

  it('keeps nothing that the router says just after a change: it may not have heard of it', async () => {
    const { time, router, callers, find } = setUp();
    callers.drop(['d']);
    time.now += settlingMs - 1;
    expect(await find()).toBe(principal);
    router.answer = () => Promise.reject(new GatewayError('unauthenticated', 'revoked'));
    await expect(find()).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('is bounded', async () => {
    const { callers, find } = setUp();
    for (let number = 0; number <= callersMax; number += 1) await find({ keyDigest: `key-${number}` });
    expect(callers.size).toBe(callersMax);
  });

  it('asks about everybody again when more keys change than it can tell apart', async () => {
    const { asked, time, callers, find } = setUp();
    await find();
    callers.drop(Array.from({ length: changesMax + 1 }, (_, number) => `changed-${number}`));
    time.now += settlingMs;
    await find();
    expect(asked).toHaveLength(2);
  });
});

describe('a key that was just used', () => {
  it('is refused as soon as its end is announced', async () => {
    let revoked = false;
    const ingress = await runIngress({
      routing: {
        authenticate: async () => {
          if (revoked) throw new GatewayError('unauthenticated', 'This API key was revoked.');
          return principal;
        },
      },
    });
    const status = async (): Promise<number> => (await ingress.send(ASKING.chat)).status;
    expect([await status(), await status()]).toEqual([200, 200]);
    expect(ingress.heard.authenticated).toHaveLength(1);
    revoked = true;
    const keyDigests = [digestKey(API_KEY, PEPPER)];
    await ingress.bus.publish(configuration.keyChanged, { changeId: 'c-1', keyDigests });
    expect(await status()).toBe(401);
    await ingress.stop();
  });
});
