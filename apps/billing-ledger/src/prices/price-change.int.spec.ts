import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { PriceBook } from './price-book.js';
import { readPriceHistory } from '../sql/price-rows.js';
import { factOf, holdOf } from '../testing/ledger-fixtures.js';
import { settleFacts } from '../settlement/usage-consumer.js';
import { verifyLedger } from '../verify/verify-ledger.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
  store = new PgLedgerStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const FIRST_MONDAY = Date.parse('2026-02-02T09:00:00Z');
const SECOND_MONDAY = Date.parse('2026-02-09T09:00:00Z');

const price = (id: string, effectiveFrom: string, input: string) => ({
  id,
  model: 'model',
  effectiveFrom,
  usdPerMillion: { input, output: '10.00' },
  status: 'listed',
});
const OLD = price('model@1', '2026-01-01', '1.00');
const NEW = price('model@2', '2026-02-01', '5.00');
const COMING = price('model@3', '2027-01-01', '7.00');

describe('a price that changes in mid-traffic', () => {
  it('is what the plan of each request named, whatever is sold by the time it is settled', async () => {
    let snapshot: { version: number; catalogue: unknown; publishedAt: number } = {
      version: 1,
      catalogue: { prices: [OLD] },
      publishedAt: FIRST_MONDAY,
    };
    const book = new PriceBook(
      store,
      { snapshot: () => Promise.resolve(snapshot) },
      { accepted: () => undefined, rejected: (_version, why) => expect(why).toBe('never') },
    );
    await book.refresh();
    await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n ** 12n, reason: 'test', actor: 'test' });
    const hold = async (version: string): Promise<readonly string[]> => {
      await book.candidates([version]);
      const ids = Array.from({ length: 100 }, (_, at) => `${version} ${at}`);
      await store.hold(ids.map((id) => ({ ...holdOf(id, 'acc', 10n ** 9n), priceVersions: [version] })));
      return ids;
    };
    const settling = (id: string, priceVersion: string) =>
      settleFacts([factOf(id, { priceVersion })], {
        prices: book,
        end: async (settlement) => (await store.end([settlement]))[0] ?? { kind: 'unknown' },
        observe: () => undefined,
      });
    const before = await hold('model@1');
    snapshot = { version: 2, catalogue: { prices: [OLD, NEW, COMING] }, publishedAt: SECOND_MONDAY };
    // The news arrives while what was sold before it is settled, and what is sold by it is admitted.
    const early = before.slice(0, 50).map((id) => settling(id, 'model@1'));
    const after = await hold('model@2');
    const late = before.slice(50).map((id) => settling(id, 'model@1'));
    await Promise.all([...early, ...late, ...after.map((id) => settling(id, 'model@2'))]);

    const { rows } = await pool.query<{ price_version: string; costs: bigint[]; many: bigint }>(
      'SELECT price_version, array_agg(DISTINCT cost) AS costs, count(*) AS many FROM ledger.usage GROUP BY 1 ORDER BY 1',
    );
    // 1,000 units in and 100 out.
    expect(rows.map((row) => ({ ...row, costs: row.costs.map(String) }))).toEqual([
      { price_version: 'model@1', costs: ['2000000'], many: 100n },
      { price_version: 'model@2', costs: ['6000000'], many: 100n },
    ]);
    expect(await store.wallets(['acc'])).toEqual([{ available: 10n ** 12n - 100n * 8_000_000n, held: 0n }]);
    expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
  });

  it('leaves a history in which each version ends where the next begins', async () => {
    const periods = await readPriceHistory(pool, 'model');
    expect(periods.map(({ id, from, until }) => [id, from.toISOString(), until?.toISOString()])).toEqual([
      ['model@1', '2026-02-02T09:00:00.000Z', '2026-02-09T09:00:00.000Z'],
      ['model@2', '2026-02-09T09:00:00.000Z', '2027-01-01T00:00:00.000Z'],
      ['model@3', '2027-01-01T00:00:00.000Z', undefined],
    ]);
  });
});
