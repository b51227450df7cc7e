import { createPool, type Pool } from '@bytespike/database';
import { readsOfIndex, withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from './domain/settlement.js';
import { LEDGER_SESSION } from './store/ledger-pool.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { holdOf, settledAt } from './testing/ledger-fixtures.js';

let database: TestDatabase;
let owner: Pool;
let ledger: Pool;

const settings = { statementTimeoutMs: 10_000, applicationName: 'open-holds-test' };

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { ...settings, max: 1 });
  // One connection, whose numbers are told when it is asked to.
  ledger = createPool(database.url, { ...settings, max: 1, session: LEDGER_SESSION });
});
afterAll(async () => {
  await Promise.all([owner.end(), ledger.end()]);
  await database.drop();
});

const readsOfOpenHolds = () => readsOfIndex(ledger, 'ledger.hold_open_by_expiry');

const names = (kind: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${kind} ${at}`);
const carved = { grantId: 'grant', amount: 1n, basis: 'carved', maxOutputTokens: 1 };

it('goes by the names of holds, also when the statistics know of none that is open', async () => {
  const store = new PgLedgerStore(ledger);
  await store.credit({ transactionId: 'fund', accountId: 'acc', amount: 10_000n, reason: 'test', actor: 'test' });
  const past = names('past', 500);
  await store.hold(past.map((id) => holdOf(id, 'acc', 1n)));
  await store.end(past.map((id) => settledAt(id, 1n)));
  await owner.query('ANALYZE ledger.hold');
  const before = await readsOfOpenHolds();

  const now = names('now', 50);
  await store.hold([...now.map((id) => holdOf(id, 'acc', 1n)), holdOf('grant', 'acc', 100n)]);
  const longer = { ...holdOf('now 0', 'acc', 2n), maxOutputTokens: 2 };
  expect(await store.extend(longer)).toEqual({ kind: 'extended' });
  const spent = await store.end(names('carved', 20).map((id) => ({ ...settledAt(id, 1n), carved })));
  await store.releaseGrant('grant', 50n);
  const ended = await store.end([...now.map((id) => settledAt(id, 1n)), voided('grant')]);

  expect([...spent, ...ended].filter(({ kind }) => kind !== 'ended')).toEqual([]);
  expect(await readsOfOpenHolds()).toBe(before);
  // The index is there, and read by who looks for what has been open for too long.
  expect(await store.overdueHolds(Date.now(), 10)).toEqual([]);
  expect(await readsOfOpenHolds()).toBe(before + 1);
});
