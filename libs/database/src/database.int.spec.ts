import { createPool, createPrisma, createQuery, isUnreachable } from './index.js';
import { withTestDatabase, type TestDatabase } from './testing/index.js';

const settings = { max: 2, statementTimeoutMs: 500, applicationName: 'database-test' };

describe('a migrated database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await withTestDatabase();
  });
  afterAll(() => database.drop());

  it('is a clone of its own, also when many are made at once', async () => {
    const others = await Promise.all([withTestDatabase(), withTestDatabase(), withTestDatabase()]);
    expect(new Set([database, ...others].map(({ url }) => url)).size).toBe(4);
    await Promise.all(others.map((other) => other.drop()));
  });

  it('answers eight-byte integers as bigint', async () => {
    const pool = createPool(database.url, settings);
    const { rows } = await pool.query('SELECT 9007199254740993::bigint AS one, count(*) AS many FROM ledger.account');
    await pool.end();
    expect(rows).toEqual([{ one: 9007199254740993n, many: 0n }]);
  });

  it('gives every session the settings asked for', async () => {
    const pool = createPool(database.url, {
      ...settings,
      session: { jit: 'off', plan_cache_mode: 'force_generic_plan' },
    });
    const { rows } = await pool.query(
      "SELECT current_setting('plan_cache_mode') AS mode, current_setting('jit') AS jit",
    );
    await pool.end();
    expect(rows).toEqual([{ mode: 'force_generic_plan', jit: 'off' }]);
  });

  it('says through Prisma too that the store could not answer, and not that something is broken', async () => {
    const prisma = createPrisma('postgresql://nobody@127.0.0.1:1/nowhere');
    const asked = prisma.identityAccount.count();
    await expect(asked).rejects.toMatchObject({ kind: 'unavailable' });
    await prisma.$disconnect();
  });

  it('gives up on a statement that takes too long, and says the store could not answer', async () => {
    const pool = createPool(database.url, { ...settings, statementTimeoutMs: 50 });
    const failure: unknown = await pool.query('SELECT pg_sleep(5)').catch((error: unknown) => error);
    await pool.end();
    expect(isUnreachable(failure)).toBe(true);
  });

  it('asks prepared statements, and tells an outage in the words of who asks, but not a mistake', async () => {
    const pool = createPool(database.url, { ...settings, statementTimeoutMs: 50 });
    const query = createQuery(pool, 'the shelf cannot be reached');
    const { rows } = await query({ name: 'doubled', text: 'SELECT $1::int * 2 AS twice' }, [21]);
    const slow = query({ name: 'slow', text: 'SELECT pg_sleep(5)' }, []);
    await expect(slow).rejects.toMatchObject({ kind: 'unavailable', message: 'the shelf cannot be reached' });
    const wrong = query({ name: 'wrong', text: 'SELECT nothing' }, []);
    await expect(wrong).rejects.not.toMatchObject({ kind: 'unavailable' });
    await pool.end();
    expect(rows).toEqual([{ twice: 42 }]);
  });

  it('survives a connection that breaks between two statements of a transaction, and says so at the next', async () => {
    const pool = createPool(database.url, settings);
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    await pool.end();
  });

  it('serves the generated client', async () => {
    const prisma = createPrisma(database.url);
    const created = await prisma.ledgerAccount.create({ data: { id: 'acc_prisma', available: 5n } });
    await prisma.$disconnect();
    expect(created).toMatchObject({ id: 'acc_prisma', available: 5n, held: 0n });
  });

  it.each(['entry', 'credit', 'price_version', 'usage', 'quarantine'])('refuses to change ledger.%s', async (table) => {
    const pool = createPool(database.url, settings);
    const outcomes = await Promise.allSettled([
      pool.query(`DELETE FROM ledger.${table}`),
      pool.query(`TRUNCATE ledger.${table}`),
    ]);
    await pool.end();
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
