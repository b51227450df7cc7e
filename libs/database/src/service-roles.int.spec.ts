import { createPool, createPrisma, SERVICE_ROLES, type ServiceRole } from './index.js';
import { withTestDatabase, type TestDatabase } from './testing/index.js';

const READ = 'SELECT';
const WRITE = 'DELETE INSERT SELECT UPDATE';

/** Where each role may do something, and what; the ledger's own tables are told apart in its `ledger-role.int.spec.ts`. */
const REACH: Readonly<Record<Exclude<ServiceRole, 'bytespike_ledger'>, Readonly<Record<string, string>>>> = {
  bytespike_console: { catalog: WRITE, identity: WRITE, payment: WRITE },
  bytespike_ingress: { idempotency: WRITE },
  bytespike_router: { identity: READ },
  bytespike_tasks: { tasks: WRITE },
  bytespike_translator: { responses: WRITE },
};

describe('the roles of services', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await withTestDatabase();
  });
  afterAll(() => database.drop());

  it.each(Object.entries(REACH))('%s reaches its own schemas, and all of their tables', async (role, reach) => {
    const owner = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'owner' });
    const { rows } = await owner.query<{ schema: string; may: string[]; tables: bigint; ofSchema: bigint }>(
      `SELECT nspname AS schema, array_agg(DISTINCT may) AS may, count(*) AS tables,
         (SELECT count(*) FROM pg_class AS each WHERE each.relnamespace = space.oid AND each.relkind = 'r') AS "ofSchema"
       FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = relnamespace
       CROSS JOIN LATERAL (SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may FROM aclexplode(relacl) WHERE grantee = $1::regrole) AS acl
       WHERE class.relkind = 'r' AND may IS NOT NULL GROUP BY nspname, space.oid`,
      [role],
    );
    await owner.end();
    expect(Object.fromEntries(rows.map(({ schema, may }) => [schema, may.join()]))).toEqual(reach);
    for (const { tables, ofSchema } of rows) expect(tables).toBe(ofSchema);
  });

  it.each(Object.keys(REACH))('%s does not reach the ledger', async (role) => {
    const session = { role };
    const pool = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'service', session });
    for (const statement of [
      'SELECT FROM ledger.account',
      'DELETE FROM ledger.entry',
      'SELECT ledger.make_months(now(), now())',
    ])
      await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    await pool.end();
  });

  it('hold for Prisma as for raw SQL', async () => {
    const prisma = createPrisma(database.url, SERVICE_ROLES.console);
    expect(await prisma.identityAccount.count()).toBe(0);
    await expect(prisma.ledgerAccount.count()).rejects.toThrow(/permission denied|denied access/);
    await prisma.$disconnect();
  });
});
