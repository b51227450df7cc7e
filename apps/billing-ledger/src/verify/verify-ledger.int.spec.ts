import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from '../domain/settlement.js';
import { createLedgerPool } from '../ledger-pool.js';
import { PgLedgerStore } from '../pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { describeFindings, verifyLedger } from './verify-ledger.js';

let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 2);
  const store = new PgLedgerStore(pool);
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 100n, reason: 'test', actor: 'test' });
  await store.hold([holdOf('open', 'acc', 10n), holdOf('paid', 'acc', 20n), holdOf('more', 'acc', 5n)]);
  await store.end([settledAt('paid', 7n), settledAt('more', 9n)]);
  await store.hold([holdOf('grant', 'acc', 10n)]);
  const carved = { grantId: 'grant', amount: 4n, basis: 'carved', maxOutputTokens: 1 };
  await store.end([
    { ...settledAt('carved', 3n), carved },
    { ...voided('carved for nothing'), carved },
  ]);
  await store.releaseGrant('grant', 2n);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

/** A forger with the owner's rights, who first takes the triggers away. */
const forge = async (statement: string): Promise<readonly string[]> => {
  const owner = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'forger' });
  await owner.query(`ALTER TABLE ledger.entry DISABLE TRIGGER ALL; ALTER TABLE ledger.usage DISABLE TRIGGER ALL;
    ALTER TABLE ledger.hold DISABLE TRIGGER ALL; ALTER TABLE ledger.hold DROP CONSTRAINT hold_charge_within_amount;
    ALTER TABLE ledger.account DROP CONSTRAINT account_never_overdrawn`);
  await owner.query(statement);
  await owner.end();
  return (await verifyLedger(pool)).filter(({ violations }) => violations > 0).map(({ id }) => id);
};

describe('verifying the ledger', () => {
  it('finds nothing wrong with an honest book, and says so', async () => {
    const findings = await verifyLedger(pool);
    expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(describeFindings(findings)).toMatch(/^ok {4} I1a[\s\S]*The ledger balances\.$/);
  });

  it.each([
    [
      'an amount that was changed',
      "UPDATE ledger.entry SET amount = amount + 1 WHERE reference = 'paid' AND balance = 'posted'",
      ['I1a', 'I1b', 'I9'],
    ],
    ['a wallet that was filled by hand', 'UPDATE ledger.account SET available = available + 1', ['I2']],
    [
      'an entry that was removed',
      "DELETE FROM ledger.entry WHERE reference = 'open' AND balance = 'held'",
      ['I1a', 'I1b', 'I2'],
    ],
    [
      'a hold that was closed without an end',
      "UPDATE ledger.hold SET state = 'voided', ended_at = now() WHERE request_id = 'open'",
      ['I3', 'I5'],
    ],
    ['an overdrawn wallet', 'UPDATE ledger.account SET available = -1', ['I2', 'I4']],
    ['a charge beyond the hold', "UPDATE ledger.hold SET charged = 21 WHERE request_id = 'paid'", ['I6', 'I12']],
    ['a usage row that was removed', "DELETE FROM ledger.usage WHERE request_id = 'paid'", ['I9', 'I9b', 'I12']],
    [
      'a grant that was drawn by nobody',
      "UPDATE ledger.hold SET drawn = drawn + 1 WHERE request_id = 'grant'",
      ['I3', 'I6b'],
    ],
    [
      'a carved hold without its grant',
      "UPDATE ledger.hold SET grant_id = 'never' WHERE request_id = 'carved'",
      ['I6b'],
    ],
    [
      'a second end',
      "INSERT INTO ledger.entry (reference, kind, account_id, balance, amount) VALUES ('paid', 'void', 'acc', 'held', -1), ('paid', 'void', 'acc', 'available', 1)",
      ['I2', 'I5'],
    ],
    ['a roll-up that was rounded', 'UPDATE ledger.usage_quarter SET cost = cost + 1', ['I9b']],
  ])('finds %s', async (_name, statement, expected) => {
    expect(await forge(statement)).toEqual(expected);
  });

  it('says in words what is broken', async () => {
    await forge('UPDATE ledger.account SET available = available + 1');
    expect(describeFindings(await verifyLedger(pool))).toMatch(
      /BROKEN I2 [\s\S]*acc: wallet 71\/15, entries 70\/15[\s\S]*1 of \d+ invariants/,
    );
  });
});
