import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError } from '@bytespike/kernel';

import { describeAnswerStore } from '../testing/describe-answer-store.js';
import { openAnswerStore } from './open-answer-store.js';
import { PgAnswerStore } from './pg-answer-store.js';
import { createAnswerSealer } from './seal-answer.js';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, { max: 8, statementTimeoutMs: 5_000, applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const change = (what: string) => async () => {
  await pool.query(`UPDATE idempotency.answer SET ${what}`);
};

describeAnswerStore('Postgres', async () => {
  const store = new PgAnswerStore({ pool, sealer: createAnswerSealer('a pepper for tests') });
  return {
    store,
    lapse: change(`lease_until = now() - interval '1 ms'`),
    expire: change(`expires_at = now() - interval '1 ms'`),
    stop: async () => void (await pool.query('DELETE FROM idempotency.answer')),
  };
});

describe('an answer at rest', () => {
  const claim = { keyId: 'key-1', name: 'name-1', requestHash: 'hash-1', requestId: 'request-1' };
  const answer = {
    requestId: 'request-1',
    status: 200,
    headers: ['content-type', 'text/plain', 'x-said', 'secret header'],
    body: Buffer.from('a secret body'.repeat(1_000)),
  };
  const storeWith = (pepper: string) => new PgAnswerStore({ pool, sealer: createAnswerSealer(pepper) });
  const store = () => storeWith('a pepper for tests');
  afterEach(() => pool.query('DELETE FROM idempotency.answer'));

  it('shows nothing of itself, and takes little room', async () => {
    await store().claim(claim, 1_000);
    await store().keep(claim, answer);
    const { rows } = await pool.query<Record<string, unknown>>('SELECT * FROM idempotency.answer');
    const row = rows[0] as { head: Buffer; body: Buffer };
    expect(Buffer.concat([row.head, row.body]).includes('secret')).toBe(false);
    expect(row.body.length).toBeLessThan(answer.body.length / 10);
  });

  it.each([
    ['another pepper', async () => storeWith('another pepper for tests').find(claim)],
    [
      'the place of another key',
      async () => {
        await pool.query(`UPDATE idempotency.answer SET key_id = 'key-2'`);
        return store().find({ ...claim, keyId: 'key-2' });
      },
    ],
    [
      'the place of another name',
      async () => {
        await pool.query(`UPDATE idempotency.answer SET name = 'name-2'`);
        return store().find({ ...claim, name: 'name-2' });
      },
    ],
  ])('does not open with %s', async (_, find) => {
    await store().claim(claim, 1_000);
    await store().keep(claim, answer);
    await expect(find()).rejects.toThrow();
  });

  it('is swept away when its time has passed, without being asked for', async () => {
    await store().claim(claim, 1_000);
    await store().keep(claim, answer);
    await change(`expires_at = now() - interval '1 ms'`)();
    const logged: unknown[] = [];
    const opened = openAnswerStore(
      {
        DATABASE_URL: database.url,
        KEY_PEPPER: 'a pepper for tests',
        INGRESS_DATABASE_CONNECTIONS: 1,
        INGRESS_SWEEP_EVERY_MS: 1,
      },
      { error: (...told: unknown[]) => void logged.push(told) },
    );
    const rowCount = async () => (await pool.query('SELECT 1 FROM idempotency.answer')).rowCount;
    while ((await rowCount()) !== 0) await new Promise(setImmediate);
    await opened.close();
    expect(logged).toEqual([]);
  });

  it('is told as out of reach while the store is', async () => {
    const away = createPool('postgresql://nobody@127.0.0.1:1/none', {
      max: 1,
      statementTimeoutMs: 1_000,
      applicationName: 'test',
    });
    const unreachable = new PgAnswerStore({ pool: away, sealer: createAnswerSealer('a pepper for tests') });
    const thrown: unknown = await unreachable.claim(claim, 1_000).catch((error: unknown) => error);
    expect(GatewayError.from(thrown).kind).toBe('unavailable');
    await away.end();
  });
});
