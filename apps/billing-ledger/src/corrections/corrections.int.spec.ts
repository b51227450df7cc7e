import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import type { NanoUsd } from '@bytespike/kernel';

import { voided } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { factOf, holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { bookHandlers } from './book.handlers.js';
import { PgCorrectionStore } from './pg-correction-store.js';

let database: TestDatabase;
let pool: Pool;
let ledger: PgLedgerStore;
const forgotten: string[] = [];

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 6);
  ledger = new PgLedgerStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
afterEach(async () => {
  expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
});

const calls = () =>
  bookHandlers({
    store: new PgCorrectionStore(pool),
    grants: { forget: (accountId) => void forgotten.push(accountId), giveBack: () => Promise.resolve(false) },
  });
const context = { requestId: 'r', deadline: Date.now() + 60_000, signal: AbortSignal.timeout(60_000) };

const fund = (accountId: string, amount: NanoUsd) =>
  ledger.credit({ transactionId: `fund ${accountId}`, accountId, amount, reason: 'test', actor: 'test' });

const charge = async (requestId: string, accountId: string, held: NanoUsd, cost: NanoUsd): Promise<void> => {
  await fund(accountId, 100n);
  await ledger.hold([holdOf(requestId, accountId, held)]);
  await ledger.end([settledAt(requestId, cost)]);
};

const doubt = async (requestId: string, accountId: string, held: NanoUsd): Promise<void> => {
  await ledger.hold([holdOf(requestId, accountId, held)]);
  await ledger.end([{ ...voided(requestId), quarantine: { reason: 'quarantined', fact: factOf(requestId) } }]);
};

const correct = (requestId: string, amount: NanoUsd, transactionId = `${requestId} ${amount}`) =>
  calls().correct({ transactionId, requestId, amount, reason: 'it was ours', actor: 'olga' }, context);

const decide = (requestId: string, amount: NanoUsd) =>
  calls().decideQuarantine({ requestId, charge: amount, reason: 'as the vendor says', actor: 'olga' }, context);

describe('a correction', () => {
  it('gives a charge back in a transaction of its own that names the request', async () => {
    await charge('charged', 'acc_one', 20n, 7n);
    expect(await correct('charged', 3n)).toEqual({ accountId: 'acc_one', available: 96n });
    expect(forgotten).toContain('acc_one');
    const { rows } = await pool.query(
      `SELECT credit.kind, credit.amount, credit.source, string_agg(entry.account_id || ' ' || entry.amount, ', ' ORDER BY entry.account_id) AS legs
       FROM ledger.credit AS credit JOIN ledger.entry AS entry ON entry.reference = credit.transaction_id
       WHERE transaction_id = 'charged 3' GROUP BY transaction_id`,
    );
    const legs = 'acc_one 3, platform:correction -3';
    expect(rows).toEqual([{ kind: 'correction', amount: 3n, source: { request_id: 'charged' }, legs }]);
  });

  it('is one however often it is sent, also at once, and never another under the same id', async () => {
    await charge('repeated', 'acc_two', 20n, 7n);
    await Promise.all(Array.from({ length: 8 }, () => correct('repeated', 7n)));
    expect(await correct('repeated', 7n)).toEqual({ accountId: 'acc_two', available: 100n });
    await expect(correct('repeated', 0n)).rejects.toMatchObject({ kind: 'invalid-request' });
    await charge('other', 'acc_two', 20n, 7n);
    await expect(correct('other', 5n, 'repeated 7')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('of which there are many never gives back more than was charged, not even when they race', async () => {
    await charge('raced', 'acc_three', 20n, 7n);
    const sent = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => correct('raced', 2n, `race ${at}`)));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await expect(correct('raced', 2n, 'one more')).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('at most 0.000000001 USD') as string,
    });
    expect(await ledger.wallets(['acc_three'])).toEqual([{ available: 99n, held: 0n }]);
  });

  it('of what was free, of a grant and of nothing at all is refused', async () => {
    await fund('acc_four', 100n);
    await ledger.hold([holdOf('free', 'acc_four', 5n), holdOf('open', 'acc_four', 5n)]);
    await ledger.end([voided('free')]);
    for (const requestId of ['free', 'open'])
      await expect(correct(requestId, 1n)).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect(correct('never', 1n)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('a doubted fact', () => {
  it('is listed newest first, page by page, until it is decided', async () => {
    await fund('acc_list', 100n);
    for (const name of ['list 1', 'list 2', 'list 3']) await doubt(name, 'acc_list', 4n);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await calls().listQuarantine({ decided: false, limit: 2, cursor }, context);
      seen.push(...page.facts.map(({ requestId }) => requestId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['list 3', 'list 2', 'list 1']);
    await decide('list 2', 0n);
    const { facts } = await calls().listQuarantine({ decided: false, limit: 10 }, context);
    expect(facts.map(({ requestId }) => requestId)).toEqual(['list 3', 'list 1']);
    expect(facts[0]).toMatchObject({ accountId: 'acc_list', held: 4n, why: 'quarantined', fact: { model: 'model' } });
    const decided = await calls().listQuarantine({ decided: true, limit: 10 }, context);
    expect(decided.facts).toMatchObject([
      { requestId: 'list 2', decision: { charged: 0n, note: 'as the vendor says', actor: 'olga' } },
    ]);
  });

  it('is dismissed without moving anything, or charged what the operator states, once', async () => {
    await fund('acc_decide', 100n);
    await doubt('dismissed', 'acc_decide', 10n);
    await doubt('charged later', 'acc_decide', 10n);
    expect(await decide('dismissed', 0n)).toEqual({ accountId: 'acc_decide', available: 100n });
    const decisions = await Promise.all(Array.from({ length: 5 }, () => decide('charged later', 6n)));
    expect(new Set(decisions.map(({ available }) => available))).toEqual(new Set([94n]));
    await expect(decide('charged later', 5n)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(decide('dismissed', 1n)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('that was charged can be given back, up to that charge', async () => {
    await fund('acc_back', 100n);
    await doubt('charged and back', 'acc_back', 10n);
    await decide('charged and back', 6n);
    await expect(correct('charged and back', 7n)).rejects.toMatchObject({ kind: 'invalid-request' });
    expect(await correct('charged and back', 6n)).toEqual({ accountId: 'acc_back', available: 100n });
  });

  it('is never charged beyond its hold, beyond the wallet, or where there is no doubt', async () => {
    await fund('acc_refuse', 10n);
    await doubt('doubted', 'acc_refuse', 10n);
    await ledger.hold([holdOf('taken', 'acc_refuse', 8n)]);
    await expect(decide('doubted', 11n)).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect(decide('doubted', -1n)).rejects.toMatchObject({ kind: 'invalid-request' });
    await expect(decide('doubted', 3n)).rejects.toMatchObject({ kind: 'insufficient-credit' });
    expect(await decide('doubted', 2n)).toEqual({ accountId: 'acc_refuse', available: 0n });
    await expect(decide('taken', 1n)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
