import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { PROJECTIONS } from './projections.js';
import { rebuildProjection } from './rebuild-projection.js';

let database: TestDatabase;
let pool: Pool;
let forger: Pool;
let store: PgLedgerStore;
let requests = 0;

const CAPPED = { subject: 'key:key_1', span: 'life', limit: 1_000_000n } as const;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 6);
  forger = createPool(database.url, { max: 2, statementTimeoutMs: 4_000, applicationName: 'forger' });
  store = new PgLedgerStore(pool);
  for (const accountId of ['acc_1', 'acc_2'])
    await store.credit({ transactionId: accountId, accountId, amount: 10n ** 9n, reason: 'test', actor: 'test' });
});
afterAll(async () => {
  await Promise.all([pool.end(), forger.end()]);
  await database.drop();
});

/** Some requests of an account, all paid for but one, which stays open. */
async function spend(accountId: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => `req_${(requests += 1)}`);
  await store.hold(ids.map((id) => ({ ...holdOf(id, accountId, 100n), caps: [CAPPED] })));
  await store.end(ids.slice(1).map((id) => settledAt(id, 60n)));
}

const broken = async (): Promise<string[]> =>
  (await verifyLedger(pool)).filter(({ violations }) => violations > 0).map(({ id }) => id);

/** Rows that were changed, lost and made up. */
const FORGERIES = {
  usage: {
    law: 'I9b',
    statements: [
      `UPDATE ledger.usage_quarter SET cost = cost + 7, reasoning = reasoning - 2 WHERE account_id = 'acc_1'`,
      `DELETE FROM ledger.usage_quarter WHERE account_id = 'acc_2'`,
      `INSERT INTO ledger.usage_quarter (account_id, quarter, key_id, key_hint, model, calls, cost, input, cache_read, cache_write, output, reasoning)
       SELECT 'acc_2', quarter, 'key_9', key_hint, model, 3, 5, 1, 1, 1, 1, 1 FROM ledger.usage_quarter LIMIT 1`,
    ],
  },
  spend: {
    law: 'I8',
    statements: [
      `UPDATE ledger.spend SET settled = settled - 7, held = held + 3 WHERE account_id = 'acc_1'`,
      `DELETE FROM ledger.spend WHERE account_id = 'acc_2'`,
    ],
  },
} as const;

describe.each(['usage', 'spend'] as const)('rebuilding %s', (name) => {
  const { law, statements } = FORGERIES[name];

  beforeEach(async () => {
    await spend('acc_1', 8);
    await spend('acc_2', 5);
    for (const statement of statements) await forger.query(statement);
  });

  it('puts right what was changed, lost or made up, tells of it, and finds nothing the second time', async () => {
    expect(await broken()).toEqual([law]);
    const { differed, samples } = await rebuildProjection(pool, PROJECTIONS[name]);
    expect(differed).toBeGreaterThanOrEqual(2);
    expect(samples.join('\n')).toMatch(/acc_1 .*: .*\d+ for \d+/);
    expect(await broken()).toEqual([]);
    expect(await rebuildProjection(pool, PROJECTIONS[name])).toEqual({ differed: 0, samples: [] });
  });

  it('does so while the ledger goes on, and while somebody else does the same', async () => {
    const working = Array.from({ length: 12 }, (_, turn) => spend(turn % 2 === 0 ? 'acc_1' : 'acc_2', 20));
    await Promise.all([
      ...working,
      rebuildProjection(pool, PROJECTIONS[name]),
      rebuildProjection(pool, PROJECTIONS[name]),
    ]);
    expect(await broken()).toEqual([]);
  });
});
