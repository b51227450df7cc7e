import type { AnswerStore, Claim, KeptAnswer } from '../idempotency/answer-store.js';

export interface StoreUnderTest {
  readonly store: AnswerStore;
  /** Lets every lease run out. */
  lapse(): Promise<void>;
  /** Lets the time pass for which answers are kept. */
  expire(): Promise<void>;
  stop(): Promise<void>;
}

const LEASE_MS = 60_000;
const claimOf = (requestId: string, changes: Partial<Claim> = {}): Claim => ({
  keyId: 'key-1',
  name: 'name-1',
  requestHash: 'hash-1',
  requestId,
  ...changes,
});
const answerOf = (requestId: string, body = 'data: größe\n\n'): KeptAnswer => ({
  requestId,
  status: 200,
  headers: ['content-type', 'text/event-stream', 'x-vendor', 'one', 'x-vendor', 'two'],
  body: Buffer.from(body),
});

/** What every store of answers does. */
export function describeAnswerStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`answers kept in ${name}`, () => {
    let test: StoreUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(() => test.stop());

    const [first, second] = [claimOf('request-1'), claimOf('request-2')];

    it('gives a name to one of twenty that ask at once', async () => {
      const claims = Array.from({ length: 20 }, (_, at) => claimOf(`request-${at}`));
      const given = await Promise.all(claims.map((claim) => test.store.claim(claim, LEASE_MS)));
      expect(given.filter(Boolean)).toHaveLength(1);
      const winner = claims[given.indexOf(true)];
      expect(await test.store.find(first)).toEqual({
        state: 'running',
        requestHash: 'hash-1',
        requestId: winner?.requestId,
      });
    });

    it('keeps names of other keys apart', async () => {
      expect(await test.store.claim(first, LEASE_MS)).toBe(true);
      expect(await test.store.claim(claimOf('request-2', { keyId: 'key-2' }), LEASE_MS)).toBe(true);
      expect(await test.store.claim(claimOf('request-3', { name: 'name-2' }), LEASE_MS)).toBe(true);
    });

    it('finds nothing under a name that nobody has used', async () => {
      expect(await test.store.find(first)).toEqual({ state: 'free' });
    });

    it.each(['', 'data: größe\n\n', '漢'.repeat(2_000)])('gives an answer back as it was', async (body) => {
      await test.store.claim(first, LEASE_MS);
      expect(await test.store.keep(first, answerOf('request-1', body))).toBe(true);
      const found = await test.store.find(second);
      expect(found).toEqual({ state: 'kept', requestHash: 'hash-1', answer: answerOf('request-1', body) });
      expect(await test.store.claim(second, LEASE_MS)).toBe(false);
    });

    it('remembers that an answer is given once', async () => {
      await test.store.claim(first, LEASE_MS);
      await test.store.keep(first, 'given-once');
      expect(await test.store.find(second)).toMatchObject({ state: 'given-once', requestId: 'request-1' });
      expect(await test.store.claim(second, LEASE_MS)).toBe(false);
    });

    it('keeps the same answer twice without harm', async () => {
      await test.store.claim(first, LEASE_MS);
      expect(await test.store.keep(first, answerOf('request-1'))).toBe(true);
      expect(await test.store.keep(first, answerOf('request-1'))).toBe(true);
    });

    it('frees a name that is given up, and only by who has it', async () => {
      await test.store.claim(first, LEASE_MS);
      await test.store.release(second);
      expect(await test.store.find(first)).toMatchObject({ state: 'running' });
      await test.store.release(first);
      expect(await test.store.claim(second, LEASE_MS)).toBe(true);
    });

    it('does not give up what is kept', async () => {
      await test.store.claim(first, LEASE_MS);
      await test.store.keep(first, answerOf('request-1'));
      await test.store.release(first);
      expect(await test.store.find(first)).toMatchObject({ state: 'kept' });
    });

    it('lets another have a name whose lease ran out, with another body too', async () => {
      const other = claimOf('request-2', { requestHash: 'hash-2' });
      await test.store.claim(first, LEASE_MS);
      await test.lapse();
      expect(await test.store.find(other)).toEqual({ state: 'free' });
      expect(await test.store.claim(other, LEASE_MS)).toBe(true);
      expect(await test.store.keep(first, answerOf('request-1'))).toBe(false);
      expect(await test.store.renew([first, other], LEASE_MS)).toEqual(new Set(['request-2']));
    });

    it('lets who was late keep its answer, as long as nobody took the name', async () => {
      await test.store.claim(first, LEASE_MS);
      await test.lapse();
      expect(await test.store.keep(first, answerOf('request-1'))).toBe(true);
      expect(await test.store.claim(second, LEASE_MS)).toBe(false);
    });

    it('renews what runs, also when it is late, and says what is not held', async () => {
      const third = claimOf('request-3', { name: 'name-3' });
      const done = claimOf('request-4', { name: 'name-4' });
      for (const claim of [first, third, done]) await test.store.claim(claim, LEASE_MS);
      await test.store.keep(done, answerOf('request-4'));
      await test.lapse();
      expect(await test.store.renew([first, done, second], LEASE_MS)).toEqual(new Set(['request-1']));
      expect(await test.store.claim(second, LEASE_MS)).toBe(false);
      expect(await test.store.claim({ ...third, requestId: 'request-5' }, LEASE_MS)).toBe(true);
    });

    it('forgets an answer when its time has passed', async () => {
      await test.store.claim(first, LEASE_MS);
      await test.store.keep(first, answerOf('request-1'));
      await test.expire();
      expect(await test.store.find(second)).toEqual({ state: 'free' });
      expect([await test.store.sweep(), await test.store.sweep()]).toEqual([1, 0]);
      expect(await test.store.claim(second, LEASE_MS)).toBe(true);
    });
  });
}
