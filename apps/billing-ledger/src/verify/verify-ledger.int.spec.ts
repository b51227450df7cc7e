import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { metrics } from '@bytespike/telemetry';

import { voided } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { describeFindings, verifyLedger } from './verify-ledger.js';
import { watchBook } from './watch-book.js';

let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
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

/** A forger with the owner's rights, whom no trigger and no check stops. */
const forge = async (statement: string): Promise<readonly string[]> => {
  const owner = createPool(database.url, { max: 1, statementTimeoutMs: 4_000, applicationName: 'forger' });
  await owner.query(`SET session_replication_role = replica;
    ALTER TABLE ledger.hold DROP CONSTRAINT hold_charge_within_amount;
    ALTER TABLE ledger.account DROP CONSTRAINT account_never_overdrawn`);
  await owner.query(statement);
  await owner.end();
  return (await verifyLedger(pool)).filter(({ violations }) => violations > 0).map(({ id }) => id);
};

describe('verifying the ledger', () => {
  it('finds nothing wrong with an honest book, and says so', async () => {
    const findings = await verifyLedger(pool);
    expect(findings.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(describeFindings(findings)).toMatch(/^ok {4} I1a {5}0 {2}[\s\S]*The ledger balances\.$/);
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
    [
      'a transaction that was posted twice',
      `INSERT INTO ledger.entry SELECT reference, kind, account_id, balance, amount, created_at + interval '1 ms'
       FROM ledger.entry WHERE reference = 'paid' AND kind = 'settle'`,
      ['I1a', 'I2', 'I9'],
    ],
    ['a credit of another amount', 'UPDATE ledger.credit SET amount = amount + 1', ['I14']],
    ['a bonus that nobody gave', 'UPDATE ledger.credit SET bonus = bonus + 1', ['I14b']],
    [
      'money that came without a credit',
      `INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
       VALUES ('gift', 'credit', 'acc', 'available', 1), ('gift', 'credit', 'platform:funding', 'posted', -1);
       UPDATE ledger.account SET available = available + 1`,
      ['I14'],
    ],
    [
      'a correction beyond the charge',
      `INSERT INTO ledger.credit (transaction_id, account_id, amount, kind, source, reason, actor)
       VALUES ('too much', 'acc', 8, 'correction', '{"request_id": "paid"}', '', '')`,
      ['I14', 'I15'],
    ],
    [
      'a decision that took nothing',
      `INSERT INTO ledger.quarantine_decision (request_id, decision, charged, note, actor) VALUES ('open', 'charged', 3, '', '')`,
      ['I16'],
    ],
    [
      'a vendor cost that was not booked',
      `INSERT INTO ledger.vendor_cost (vendor, day, model, input_tokens, output_tokens, cost) VALUES ('v', now(), 'm', 1, 1, 1)`,
      ['I10b'],
    ],
    [
      'a hold that nobody let go',
      `UPDATE ledger.hold SET created_at = '2026-01-01', expires_at = '2026-01-01' WHERE request_id = 'open'`,
      ['I11'],
    ],
    [
      'a month without room',
      `DO $$ BEGIN EXECUTE (SELECT 'DROP TABLE ' || string_agg('ledger.' || name, ', ') FROM ledger.month WHERE "of" = 'usage' AND first_day > now()); END $$`,
      ['I17'],
    ],
  ])('finds %s', async (_name, statement, expected) => {
    expect(await forge(statement)).toEqual(expected);
  });

  it('says of each law how it stands, in gauges, and alarms when one does not', async () => {
    const said: unknown[] = [];
    const logger = { fatal: (...words: unknown[]) => void said.push(words) };
    const gauge = async (id: string) =>
      (await metrics.ledgerInvariantViolations.get()).values.find(({ labels }) => labels.invariant === id)?.value;
    await watchBook(new PgLedgerStore(pool), logger);
    expect([await gauge('I2'), await gauge('I12'), said]).toEqual([0, 0, []]);
    await forge('UPDATE ledger.account SET available = available + 1');
    await watchBook(new PgLedgerStore(pool), logger);
    expect([await gauge('I2'), await gauge('I12'), said.length]).toEqual([1, 0, 1]);
  });

  it('raises no false alarm while the book is written', async () => {
    const store = new PgLedgerStore(pool);
    await store.credit({ transactionId: 'more', accountId: 'acc', amount: 10_000n, reason: 'test', actor: 'test' });
    let isWriting = true;
    const write = async (name: string): Promise<void> => {
      for (let at = 0; isWriting; at += 1) {
        await store.hold([holdOf(`${name} ${at}`, 'acc', 3n)]);
        await store.end([settledAt(`${name} ${at}`, 2n)]);
      }
    };
    const writing = Promise.all(['one', 'two', 'three'].map(write));
    const broken: string[] = [];
    for (let count = 0; count < 5; count += 1)
      for (const { id, violations } of await verifyLedger(pool)) if (violations > 0) broken.push(id);
    isWriting = false;
    await writing;
    expect(broken).toEqual([]);
  });

  it('says in words what is broken', async () => {
    await forge('UPDATE ledger.account SET available = available + 1');
    expect(describeFindings(await verifyLedger(pool))).toMatch(
      /BROKEN I2 {6}1 {2}[\s\S]*acc: wallet 71\/15, entries 70\/15[\s\S]*1 of \d+ invariants/,
    );
  });
});
