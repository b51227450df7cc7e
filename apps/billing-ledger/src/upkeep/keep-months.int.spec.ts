import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { metrics } from '@bytespike/telemetry';

import { keepMonths } from './keep-months.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { makeMonths } from '../sql/months.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';

let database: TestDatabase;
let owner: Pool;
let pool: Pool;

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'owner' });
  pool = createLedgerPool(database.url, 8);
});
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()]);
  await database.drop();
});

const names = async (of: string): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM ledger.month WHERE "of" = $1 ORDER BY name', [
    of,
  ]);
  return rows.map(({ name }) => name);
};

describe('the months of the book', () => {
  it('are made ahead for every table, by several ledgers at once and while holds are written', async () => {
    const store = new PgLedgerStore(pool);
    await store.credit({ transactionId: 't', accountId: 'acc', amount: 100n, reason: 'test', actor: 'test' });
    const writing = Array.from({ length: 10 }, (_, at) => store.hold([holdOf(`held ${at}`, 'acc', 1n)]));
    expect(await Promise.all([5, 5, 5].map((ahead) => makeMonths(pool, ahead)))).toEqual([5, 5, 5]);
    expect(new Set((await Promise.all(writing)).flat().map(({ kind }) => kind))).toEqual(new Set(['admitted']));
    const [entries, usage, unbilled] = [await names('entry'), await names('usage'), await names('unbilled')];
    expect(entries).toHaveLength(6);
    expect(usage).toEqual(entries.map((name) => name.replace('entry', 'usage')));
    expect(unbilled).toHaveLength(6);
  });

  it('begin where UTC does, and leave no moment out', async () => {
    await owner.query("SET timezone = 'Pacific/Kiritimati'");
    await owner.query("SELECT ledger.make_months('2024-01-31T23:59:59Z', '2024-03-01T00:00:00Z')");
    const moments = [
      '2024-01-01T00:00:00Z',
      '2024-01-31T23:59:59.999Z',
      '2024-02-29T12:00:00Z',
      '2024-03-31T23:59:59.999Z',
    ];
    const { rows } = await owner.query<{ name: string }>(
      `WITH posted AS (
         INSERT INTO ledger.entry (reference, kind, account_id, balance, amount, created_at)
         SELECT 'old', 'none', 'nobody', 'posted', 0, moment FROM unnest($1::timestamptz[]) AS moment RETURNING tableoid, created_at
       ) SELECT tableoid::regclass::text AS name FROM posted ORDER BY created_at`,
      [moments],
    );
    expect(rows.map(({ name }) => name)).toEqual(
      ['2024_01', '2024_01', '2024_02', '2024_03'].map((month) => `ledger.entry_${month}`),
    );
  });

  it('are not made without bound', async () => {
    await expect(pool.query("SELECT ledger.make_months(now(), now() + interval '3 years')")).rejects.toThrow(
      'more than anyone needs',
    );
  });

  it('raise an alarm when the next one is missing', async () => {
    const said: unknown[] = [];
    const logger = { fatal: (...words: unknown[]) => void said.push(words) };
    await keepMonths(new PgLedgerStore(pool), logger);
    expect(said).toEqual([]);
    await keepMonths({ makeMonths: () => Promise.resolve(0) }, logger);
    expect(said).toHaveLength(1);
    expect((await metrics.ledgerMonthsAhead.get()).values[0]?.value).toBe(0);
  });

  it('are read by request through an index, each, and the newest usage without the older months', async () => {
    const store = new PgLedgerStore(pool);
    await store.end([settledAt('held 1', 1n)]);
    const plan = async (statement: string): Promise<string> => {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${statement}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    expect(await plan("SELECT * FROM ledger.entry WHERE reference = 'held 1'")).not.toMatch('Seq Scan');
    expect(await plan("SELECT * FROM ledger.usage WHERE request_id = 'held 1'")).not.toMatch('Seq Scan');
    const page = await plan(
      "SELECT * FROM ledger.usage WHERE account_id = 'acc' ORDER BY created_at DESC, request_id DESC LIMIT 10",
    );
    expect(page).not.toMatch('Sort');
  });
});
