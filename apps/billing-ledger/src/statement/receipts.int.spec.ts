import type { HandlersFor, Receipt, statement } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { readUnitPrices } from '@bytespike/pricing';

import { PgCorrectionStore } from '../corrections/pg-correction-store.js';
import { freeEnds } from '../domain/free-end.js';
import { expired, settlementOf, voided } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { PgStatementStore } from './pg-statement-store.js';
import { statementHandlers } from './statement.handlers.js';
import { factOf, holdOf, settledAt } from '../testing/ledger-fixtures.js';

const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };
const prices = readUnitPrices({ input: '3.00', cacheRead: '0.3007', cacheWrite5m: '3.75', output: '15.00' });
const attempt = {
  ...{ channelId: 'channel', vendor: 'vendor', model: 'model', upstreamModel: 'model', priceVersion: 'model@1' },
  ...{ status: 200, startedAt: 1_800_000_000_040, firstContentMs: 300, durationMs: 900 },
};
const refused = { ...attempt, status: 503, kind: 'upstream-transient' as const, startedAt: 1_800_000_000_020 };

let database: TestDatabase;
let pool: Pool;
let ledger: PgLedgerStore;
let store: PgStatementStore;
let handlers: HandlersFor<typeof statement>;
let receipt: (requestId: string, accountId?: string) => Promise<Receipt>;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 2);
  ledger = new PgLedgerStore(pool);
  store = new PgStatementStore(pool);
  handlers = statementHandlers({
    store,
    grants: { find: (id) => (id === 'req_runs' ? { hold: holdOf(id, 'acc_1', 5n), grantId: 'grant_2' } : undefined) },
    prices: { find: async (id) => (id === 'model@1' ? prices : undefined) },
  });
  receipt = (requestId, accountId = 'acc_1') => handlers.readReceipt({ accountId, requestId }, context);
  await ledger.credit({
    transactionId: 'money',
    accountId: 'acc_1',
    amount: 10n ** 12n,
    reason: 'test',
    actor: 'test',
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

/** What the customer paid, from the entries of their wallet: what left `available` and `held` together. */
const paidBy = ({ entries }: Receipt, accountId: string): bigint =>
  -sumOf(entries.filter((entry) => entry.account === accountId).map(({ amount }) => amount));

describe('receipts', () => {
  it('add up to the charge, line by line and entry by entry, with the one rounding and our overrun told', async () => {
    await ledger.hold([holdOf('req_paid', 'acc_1', 4_000_000n)]);
    const usage = { input: 1_000, cacheRead: 777, cacheWrite5m: 11, output: 101 };
    const outcome = { ...factOf('req_paid').outcome, usage, attempts: [refused, attempt] };
    await ledger.end([settlementOf(factOf('req_paid', { outcome, durationMs: 1_000 }), prices)]);
    const paid = await receipt('req_paid');
    expect(paid).toMatchObject({
      ...{ outcome: 'complete', rule: 'complete', model: 'model', priceVersion: 'model@1', flags: [] },
      lines: [
        { usageClass: 'input', units: 1_000, price: 3_000_000n, amount: 3_000_000_000n },
        { usageClass: 'cacheRead', units: 777, price: 300_700n, amount: 233_643_900n },
        { usageClass: 'cacheWrite5m', units: 11, price: 3_750_000n, amount: 41_250_000n },
        { usageClass: 'output', units: 101, price: 15_000_000n, amount: 1_515_000_000n },
      ],
      // 4,789,893.9 nano-USD are rounded to the next, and capped at what was held.
      ...{ rounding: 100n, overrun: 789_894n, total: 4_000_000n },
      cacheSaving: 777n * (3_000_000n - 300_700n) - 11n * 750_000n,
      attempts: [
        { channelId: 'channel', status: 503, kind: 'upstream-transient', charged: false },
        { channelId: 'channel', status: 200, charged: true },
      ],
      times: { beforeVendorMs: 20, failedAttemptsMs: 20, firstContentMs: 300, streamingMs: 600, totalMs: 1_000 },
      hold: { amount: 4_000_000n },
    });
    expect(sumOf(paid.lines.map(({ amount }) => amount)) + paid.rounding).toBe((paid.total + paid.overrun) * 1_000n);
    expect(paidBy(paid, 'acc_1')).toBe(paid.total);
    expect(sumOf(paid.entries.map(({ amount }) => amount))).toBe(0n);
    expect(new Set(paid.entries.map(({ kind }) => kind))).toEqual(new Set(['hold', 'settle']));
  });

  it('tell how a free request went', async () => {
    await ledger.hold([holdOf('req_free', 'acc_1', 500n)]);
    const outcome = {
      ...factOf('').outcome,
      ...{ ending: 'failed' as const, contentStarted: false, failure: { kind: 'upstream-transient' as const } },
      attempts: [refused],
    };
    await ledger.end([settlementOf(factOf('req_free', { outcome }), prices)]);
    const free = await receipt('req_free');
    expect(free).toMatchObject({
      ...{ outcome: 'failed', rule: 'failed', total: 0n, rounding: 0n, lines: [], hold: { amount: 500n } },
      attempts: [{ status: 503, kind: 'upstream-transient', charged: false }],
    });
    expect(free.says).toContain('You pay nothing');
    expect(free).not.toHaveProperty('priceVersion');
    expect(paidBy(free, 'acc_1')).toBe(0n);
  });

  it('tell of what runs, and of what nobody ever said the end of', async () => {
    await ledger.hold([holdOf('req_open', 'acc_1', 900n)]);
    expect(await receipt('req_open')).toMatchObject({
      ...{ outcome: 'running', total: 0n, hold: { amount: 900n }, attempts: [], times: {} },
      entries: [
        { kind: 'hold', balance: 'available', amount: -900n },
        { kind: 'hold', balance: 'held', amount: 900n },
      ],
    });
    await ledger.end([expired('req_open')]);
    expect(await receipt('req_open')).toMatchObject({ outcome: 'expired', rule: 'expired', total: 0n });
  });

  it('tell of what runs on a grant, whose row is written when it ends', async () => {
    const hold = { amount: 5n, grantId: 'grant_2' };
    expect(await receipt('req_runs')).toMatchObject({ outcome: 'running', hold, total: 0n, entries: [] });
    await expect(receipt('req_runs', 'acc_2')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('tell of free operations, which nothing was held for, once', async () => {
    const counted = factOf('req_count', {
      operation: 'count',
      outcome: { ...factOf('').outcome, attempts: [attempt] },
    });
    await store.keepFree(freeEnds([counted, counted, factOf('req_none')]));
    await store.keepFree(freeEnds([counted]));
    const told = await receipt('req_count');
    expect(told).toMatchObject({
      outcome: 'complete',
      rule: 'free',
      total: 0n,
      entries: [],
      attempts: [{ charged: false }],
    });
    expect(told).not.toHaveProperty('hold');
    const { rows } = await pool.query(
      "SELECT count(*) FROM ledger.unbilled WHERE request_id IN ('req_count', 'req_none')",
    );
    expect(rows).toEqual([{ count: 1n }]);
  });

  it('of carved requests show where the money was set aside, and grants have none', async () => {
    await ledger.hold([{ ...holdOf('grant_1', 'acc_1', 9_000_000n), basis: 'grant' }]);
    const carved = { grantId: 'grant_1', amount: 6_000_000n, basis: 'input=1 output=2', maxOutputTokens: 1 };
    await ledger.end([settlementOf(factOf('req_carved', { carved }), prices)]);
    const told = await receipt('req_carved');
    expect(told).toMatchObject({ total: 4_500_000n, hold: { amount: 6_000_000n, grantId: 'grant_1' } });
    expect(told.entries.map(({ reference, kind, amount }) => [reference, kind, amount])).toEqual([
      ['grant_1', 'hold', -9_000_000n],
      ['grant_1', 'hold', 9_000_000n],
      ['req_carved', 'settle', -4_500_000n],
      ['req_carved', 'settle', 4_500_000n],
    ]);
    await expect(receipt('grant_1')).rejects.toMatchObject({ kind: 'not-found' });
    await ledger.end([voided('grant_1')]);
    await expect(receipt('grant_1')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('tell of what was given back later', async () => {
    const corrections = new PgCorrectionStore(pool);
    await corrections.correct({
      transactionId: 'c1',
      requestId: 'req_paid',
      amount: 1_000n,
      reason: 'ours',
      actor: 'olga',
    });
    const told = await receipt('req_paid');
    expect(told).toMatchObject({ total: 4_000_000n, corrections: [{ id: 'c1', amount: 1_000n, note: 'ours' }] });
    expect(told.says).toMatch(/decided later is among its corrections\.$/);
    const wallet = await handlers.readWallet({ accountId: 'acc_1' }, context);
    expect(wallet).toMatchObject({
      ...{ held: 0n, available: 10n ** 12n - 8_499_000n, lifetimeSpent: 8_499_000n, lifetimeTopup: 0n, isLow: false },
      spentByModel: [{ model: 'model', cost: 8_500_000n }],
    });
    const page = await handlers.listMovements({ accountId: 'acc_1', page: 1, pageSize: 1 }, context);
    expect(page).toMatchObject({
      items: [{ id: 'c1', kind: 'correction', source: { request_id: 'req_paid' }, note: 'ours' }],
      total: 2,
    });
    const credits = await handlers.listMovements(
      { accountId: 'acc_1', page: 1, pageSize: 9, kind: 'admin_credit', until: Date.now() + 60_000 },
      context,
    );
    expect(credits.items.map(({ id, balanceAfter }) => [id, balanceAfter])).toEqual([['money', 10n ** 12n]]);
  });

  it('tell nothing of a wallet whose credit an operator named as the request', async () => {
    const before = await receipt('req_carved');
    const gift = { transactionId: 'req_carved', amount: 7n, reason: 'for its trouble', actor: 'olga' };
    await ledger.credit({ ...gift, accountId: 'acc_2' });
    expect(await receipt('req_carved')).toEqual(before);
    expect(paidBy(before, 'acc_1')).toBe(before.total);
  });

  it.each(['req_paid', 'req_free', 'req_carved', 'req_nobody_made'])(
    'are shown to nobody else: %s',
    async (requestId) => {
      await expect(receipt(requestId, 'acc_2')).rejects.toMatchObject({ kind: 'not-found' });
    },
  );

  it('are written once: a replay of an end changes neither receipt nor roll-up', async () => {
    const fact = settlementOf(factOf('req_carved', { carved: undefined }), prices);
    const before = [await receipt('req_carved'), await quarters()];
    await ledger.end([fact, fact, settledAt('req_paid', 5n), voided('req_free')]);
    expect([await receipt('req_carved'), await quarters()]).toEqual(before);
  });
});

describe('usage rows', () => {
  it.each(['key_1', 'sk-byts-...abcd'])("are found by a key's id and by its mask: %s", async (keyId) => {
    const query = { accountId: 'acc_1', keyId, model: 'model', since: 0, until: Date.now() + 60_000, limit: 9 };
    const rows = await ledger.usage({ ...query, after: undefined });
    expect(rows.map(({ requestId }) => requestId)).toEqual(['req_carved', 'req_paid']);
  });
});

const quarters = async (): Promise<unknown> =>
  (await pool.query('SELECT * FROM ledger.usage_quarter ORDER BY 1, 2, 3, 4, 5')).rows;
