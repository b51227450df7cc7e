import { randomBytes, randomUUID } from 'node:crypto';

import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { SigningSecrets } from './signing-secrets.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let pool: Pool;
let secrets: SigningSecrets;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, {
    max: 8,
    statementTimeoutMs: 4_000,
    applicationName: 'secrets-test',
    session: { role: SERVICE_ROLES.tasks },
  });
  secrets = new SigningSecrets(pool, randomBytes(32));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const daysPass = (days: number) =>
  pool.query('UPDATE tasks.signing_secret SET expires_at = expires_at - make_interval(days => $1)', [days]);

describe('the secrets of callbacks', () => {
  it('begin with the first use, once, however many need one at the same moment', async () => {
    const account = randomUUID();
    const found = await Promise.all(Array.from({ length: 8 }, () => secrets.ofAccount(account)));
    expect(new Set(found.flat()).size).toBe(1);
    expect(await secrets.ofAccount(account)).toEqual(found[0]);
  });

  it('sign beside their successor for a day, and then no more', async () => {
    const account = randomUUID();
    const [first] = await secrets.ofAccount(account);
    const before = Date.now();
    const { secret, previousUntil } = await secrets.rotate(account);
    expect(await secrets.ofAccount(account)).toEqual([secret, first]);
    expect(Math.round(((previousUntil?.getTime() ?? 0) - before) / DAY_MS)).toBe(1);
    await daysPass(1);
    expect(await secrets.ofAccount(account)).toEqual([secret]);
    expect(await secrets.forgetExpired()).toBe(1);
  });

  it('have no predecessor where none has signed', async () => {
    const account = randomUUID();
    const { secret, previousUntil } = await secrets.rotate(account);
    expect(previousUntil).toBeUndefined();
    expect(await secrets.ofAccount(account)).toEqual([secret]);
  });

  it('rotate one after the other, and the last four sign', async () => {
    const account = randomUUID();
    const rotated = await Promise.all(Array.from({ length: 3 }, () => secrets.rotate(account)));
    const live = await secrets.ofAccount(account);
    expect(new Set(live)).toEqual(new Set(rotated.map(({ secret }) => secret)));
    const last = [];
    for (let at = 0; at < 4; at += 1) last.unshift((await secrets.rotate(account)).secret);
    expect(await secrets.ofAccount(account)).toEqual(last);
    const { rowCount } = await pool.query('SELECT id FROM tasks.signing_secret WHERE account_id = $1', [account]);
    expect(rowCount).toBe(4);
  });

  it('come in the order of their rotation, whatever the clock says', async () => {
    const account = randomUUID();
    const newestFirst: string[] = [];
    const setBack = "UPDATE tasks.signing_secret SET expires_at = expires_at + interval '1 hour' WHERE account_id = $1";
    for (let at = 0; at < 4; at += 1) {
      newestFirst.unshift((await secrets.rotate(account)).secret);
      await pool.query(setBack, [account]);
    }
    expect(await secrets.ofAccount(account)).toEqual(newestFirst);
  });

  it('are sealed at rest, each under its own row', async () => {
    const account = randomUUID();
    const { secret } = await secrets.rotate(account);
    const { rows } = await pool.query<{ sealed: string }>('SELECT * FROM tasks.signing_secret WHERE account_id = $1', [
      account,
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length));
    await pool.query('UPDATE tasks.signing_secret SET id = $2 WHERE account_id = $1', [account, 'moved']);
    await expect(secrets.ofAccount(account)).rejects.toThrow();
  });
});
