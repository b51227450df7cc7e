import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { createLedgerPool, LEDGER_ROLE } from './store/ledger-pool.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { holdOf, settledAt } from './testing/ledger-fixtures.js';
import { verifyLedger } from './verify/verify-ledger.js';

/** What nobody may do to a row that stays as it was written. */
const APPEND_ONLY = 'INSERT SELECT';
const MOVES = 'INSERT SELECT UPDATE';
const PROJECTION = 'DELETE INSERT SELECT UPDATE';

/** Every table of the book and all that the ledger may do to it. A new table has to say what it is. */
const PERMITTED = {
  account: MOVES,
  counter: MOVES,
  credit: APPEND_ONLY,
  entry: APPEND_ONLY,
  hold: MOVES,
  month: 'SELECT',
  outbox: PROJECTION,
  price_version: APPEND_ONLY,
  quarantine: APPEND_ONLY,
  quarantine_decision: APPEND_ONLY,
  reporter: PROJECTION,
  spend: PROJECTION,
  unbilled: APPEND_ONLY,
  usage: APPEND_ONLY,
  usage_quarter: PROJECTION,
  vendor_cost: PROJECTION,
};

const NOT_PERMITTED = '42501';

let database: TestDatabase;
let owner: Pool;
let ledger: Pool;

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'owner' });
  ledger = createLedgerPool(database.url, 1);
  const store = new PgLedgerStore(ledger);
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 100n, reason: 'test', actor: 'test' });
  await store.hold([holdOf('paid', 'acc', 10n)]);
  await store.end([settledAt('paid', 7n)]);
});
afterAll(async () => {
  await Promise.all([ledger.end(), owner.end()]);
  await database.drop();
});

const refusal = (pool: Pool, statement: string): Promise<unknown> =>
  pool.query(statement).then(
    () => 'done',
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe('the role that the ledger works as', () => {
  it('may do to each table what its rows are for, and nothing more', async () => {
    const { rows } = await owner.query<{ name: string; may: string }>(
      `SELECT relname AS name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may
       FROM pg_class LEFT JOIN LATERAL aclexplode(relacl) AS acl ON acl.grantee = $1::regrole
       WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition
       GROUP BY relname`,
      [LEDGER_ROLE],
    );
    expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual(PERMITTED);
  });

  it('is nobody anywhere else', async () => {
    const { rows } = await owner.query(
      `SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
         (SELECT count(*)::int FROM pg_class WHERE relowner = role.oid) AS owned,
         (SELECT count(*)::int FROM pg_class, aclexplode(relacl) AS acl
          WHERE acl.grantee = role.oid AND relnamespace <> 'ledger'::regnamespace) AS elsewhere
       FROM pg_roles AS role WHERE rolname = $1`,
      [LEDGER_ROLE],
    );
    const no = { rolcanlogin: false, rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false };
    expect(rows).toEqual([{ ...no, owned: 0, elsewhere: 0 }]);
  });

  it.each([
    'UPDATE ledger.entry SET amount = 0',
    'DELETE FROM ledger.entry',
    'TRUNCATE ledger.entry',
    'DROP TABLE ledger.entry',
    'ALTER TABLE ledger.entry DISABLE TRIGGER ALL',
    'ALTER TABLE ledger.entry ADD COLUMN note text',
    'DROP TRIGGER entry_append_only ON ledger.entry',
    'SET session_replication_role = replica',
    'CREATE TABLE ledger.shadow (id int)',
    'DROP FUNCTION ledger.refuse_change() CASCADE',
    'GRANT UPDATE ON ledger.entry TO bytespike_ledger',
    'UPDATE ledger.usage SET cost = 0',
    'DELETE FROM ledger.unbilled',
    'UPDATE ledger.credit SET reason = reason',
    'DELETE FROM ledger.price_version',
    'DELETE FROM ledger.quarantine',
    'UPDATE ledger.quarantine_decision SET charged = 0',
    'DELETE FROM ledger.hold',
    'DELETE FROM ledger.account',
    'SELECT * FROM identity.api_key',
  ])('is refused: %s', async (statement) => {
    // What it may not do to the whole it may not do to a month either. Granting what one has not got grants nothing.
    const outcome = await refusal(ledger, statement);
    expect(outcome === 'done' ? await refusal(ledger, 'UPDATE ledger.entry SET amount = 0') : outcome).toBe(
      NOT_PERMITTED,
    );
  });

  it('is refused at a month as at the whole', async () => {
    const { rows } = await ledger.query<{ name: string }>('SELECT name FROM ledger.month');
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const { name } of rows)
      for (const statement of [`UPDATE ledger.${name} SET created_at = now()`, `DELETE FROM ledger.${name}`])
        expect(await refusal(ledger, statement)).toBe(NOT_PERMITTED);
  });

  it('is enough for a login that has nothing but it', async () => {
    // Roles are of the whole server, on which other tests run: this one is named after its database.
    const name = `login_${new URL(database.url).pathname.slice(1)}`;
    await owner.query(`CREATE ROLE ${name} LOGIN IN ROLE ${LEDGER_ROLE}`);
    const url = new URL(database.url);
    url.username = name;
    const pool = createLedgerPool(url.toString(), 1);
    try {
      const store = new PgLedgerStore(pool);
      expect(await store.makeMonths(1)).toBeGreaterThanOrEqual(3);
      await store.hold([holdOf('as a login', 'acc', 10n)]);
      await store.end([settledAt('as a login', 7n)]);
      expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
      for (const statement of ['RESET ROLE', 'UPDATE ledger.entry SET amount = 0'])
        expect(await refusal(pool, statement)).toBe(statement === 'RESET ROLE' ? 'done' : NOT_PERMITTED);
    } finally {
      await pool.end();
      await owner.query(`DROP ROLE ${name}`);
    }
  });
});

describe('an owner, whom no permission binds', () => {
  it.each(['entry', 'credit', 'usage', 'unbilled', 'quarantine', 'quarantine_decision', 'price_version'])(
    'is refused by ledger.%s itself',
    async (table) => {
      const statements = [
        `UPDATE ledger.${table} SET created_at = now()`.replace(
          'price_version SET created_at',
          'price_version SET recorded_at',
        ),
        `DELETE FROM ledger.${table}`,
        `TRUNCATE ledger.${table}`,
      ];
      expect(await Promise.all(statements.map((statement) => refusal(owner, statement)))).toEqual([
        '23001',
        '23001',
        '23001',
      ]);
    },
  );

  it('is refused by every month', async () => {
    const { rows } = await owner.query<{ name: string }>('SELECT name FROM ledger.month');
    for (const { name } of rows)
      for (const statement of [`DELETE FROM ledger.${name}`, `TRUNCATE ledger.${name}`])
        expect(await refusal(owner, statement)).toBe('23001');
  });
});
