import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from '../domain/settlement.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { PgWalletStore } from './pg-wallet-store.js';
import { factOf, holdOf } from '../testing/ledger-fixtures.js';
import { refundOf, topUpOf } from '../testing/wallet-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';

let database: TestDatabase;
let pool: Pool;
let wallets: PgWalletStore;
let ledger: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 8);
  wallets = new PgWalletStore(pool);
  ledger = new PgLedgerStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
afterEach(async () => {
  expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
});

const legsOf = async (reference: string): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ leg: string }>(
    `SELECT kind || ' ' || account_id || ' ' || amount AS leg FROM ledger.entry WHERE reference = $1 ORDER BY leg`,
    [reference],
  );
  return rows.map(({ leg }) => leg);
};
const creditOf = async (reference: string) =>
  (
    await pool.query('SELECT kind, amount, bonus, balance_after, source FROM ledger.credit WHERE transaction_id = $1', [
      reference,
    ])
  ).rows[0];
const factsOf = async (accountId: string): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ fact: string }>(
    `SELECT subject || ' ' || coalesce(payload->>'amount', payload->>'balance') AS fact FROM ledger.outbox
     WHERE payload->>'accountId' = $1 ORDER BY id`,
    [accountId],
  );
  return rows.map(({ fact }) => fact);
};
const walletOf = async (accountId: string) => (await ledger.wallets([accountId]))[0];

describe('a top-up', () => {
  it('is one movement of two line items, with the fact that tells of it', async () => {
    expect(await wallets.move(topUpOf('two lines', 'acc_lines', 100n, 5n))).toEqual({
      ...{ kind: 'moved', available: 105n, amount: 105n, bonus: 5n },
    });
    expect(await legsOf('two lines')).toEqual([
      'topup acc_lines 105',
      'topup platform:funding -100',
      'topup platform:promotion -5',
    ]);
    expect(await creditOf('two lines')).toEqual({
      ...{ kind: 'topup', amount: 105n, bonus: 5n, balance_after: 105n },
      source: { provider: 'stripe', receipt_id: 'receipt of two lines', method: 'card' },
    });
    expect(await factsOf('acc_lines')).toEqual(['wallet.v1.topped-up 105']);
  });

  it('is posted once, however often it is sent, and its id stands for nothing else', async () => {
    const topUp = topUpOf('eager', 'acc_eager', 100n, 5n);
    const results = await Promise.all(Array.from({ length: 20 }, () => wallets.move(topUp)));
    expect(results.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'repeated')).toHaveLength(19);
    expect(await walletOf('acc_eager')).toEqual({ available: 105n, held: 0n });
    expect(await factsOf('acc_eager')).toHaveLength(1);
    const others = [
      { ...topUp, principal: 101n },
      { ...topUp, principal: 99n, bonus: 6n },
      { ...topUp, accountId: 'acc_lines' },
      { ...topUp, source: { provider: 'manual', receipt_id: 'x', method: 'bank_transfer' } },
      { ...topUp, kind: 'admin_credit' as const },
    ];
    for (const other of others) expect(await wallets.move(other)).toEqual({ kind: 'conflict' });
  });

  it('says what the balance was after it, also of two at once into a wallet that was not there', async () => {
    await Promise.all([1, 2, 3, 4].map((at) => wallets.move(topUpOf(`new ${at}`, 'acc_new', 10n, 0n))));
    const { rows } = await pool.query<{ balance_after: bigint }>(
      "SELECT balance_after FROM ledger.credit WHERE account_id = 'acc_new' ORDER BY balance_after",
    );
    expect(rows.map((row) => row.balance_after)).toEqual([10n, 20n, 30n, 40n]);
  });
});

describe('a refund', () => {
  it('takes back what was paid, and the bonus with it', async () => {
    await wallets.move(topUpOf('whole', 'acc_whole', 100n, 5n));
    expect(await wallets.move(refundOf('whole back', 'acc_whole', 100n, 5n))).toEqual({
      ...{ kind: 'moved', available: 0n, amount: -105n, bonus: -5n },
    });
    expect(await legsOf('whole back')).toEqual([
      'refund acc_whole -105',
      'refund platform:promotion 5',
      'refund platform:refund 100',
    ]);
    expect(await factsOf('acc_whole')).toEqual(['wallet.v1.topped-up 105', 'wallet.v1.refunded -105']);
  });

  it.each([
    { name: 'some of the bonus is spent', left: 102n, legs: ['-102', '2', '100'], lost: undefined },
    { name: 'some of the principal is spent', left: 30n, legs: ['-30', undefined, '100'], lost: '-70' },
    { name: 'all of it is spent', left: 0n, legs: [undefined, undefined, '100'], lost: '-100' },
  ])('takes principal first and overdraws nobody when $name', async ({ left, legs, lost }) => {
    const account = `acc_left_${left}`;
    await wallets.move(topUpOf(`paid ${left}`, account, 100n, 5n));
    await ledger.hold([holdOf(`spent ${left}`, account, 105n - left)]);
    const refund = refundOf(`back ${left}`, account, 100n, 5n);
    expect(await wallets.move(refund)).toMatchObject({ kind: 'moved', available: 0n, amount: -left });
    const [taken, bonus, out] = legs;
    const expected = [
      taken && `refund ${account} ${taken}`,
      bonus && `refund platform:promotion ${bonus}`,
      `refund platform:refund ${out}`,
      lost && `refund platform:refund-loss ${lost}`,
    ].filter(Boolean);
    expect(await legsOf(refund.transactionId)).toEqual(expected);
    // Repeated when there is money again, it is still what it was.
    await wallets.move(topUpOf(`more ${left}`, account, 500n, 0n));
    expect(await wallets.move(refund)).toMatchObject({ kind: 'repeated', amount: -left });
    expect(await wallets.move({ ...refund, principal: -99n })).toEqual({ kind: 'conflict' });
  });
});

describe('a threshold', () => {
  const cross = () => wallets.crossThresholds(100);

  it('tells once when the balance falls below it, and again only after it was above', async () => {
    const debit = (transactionId: string, amount: bigint) =>
      ledger.credit({ transactionId, accountId: 'acc_low', amount, reason: 'test', actor: 'test' });
    await debit('low 1', 100n);
    await wallets.setLowBalance('acc_low', 50n);
    expect(await cross()).toEqual({ found: 0, low: 0 });
    await debit('low 2', -60n);
    expect(await cross()).toEqual({ found: 1, low: 1 });
    expect(await cross()).toEqual({ found: 0, low: 0 });
    await debit('low 3', -10n);
    expect(await cross()).toEqual({ found: 0, low: 0 });
    await debit('low 4', 20n);
    expect(await cross()).toEqual({ found: 1, low: 0 });
    await debit('low 5', -1n);
    expect(await cross()).toEqual({ found: 1, low: 1 });
    const lows = (await factsOf('acc_low')).filter((fact) => fact.startsWith('wallet.v1.balance-low'));
    expect(lows).toEqual(['wallet.v1.balance-low 40', 'wallet.v1.balance-low 49']);
  });

  it('is not crossed by an open hold, which may cost nothing', async () => {
    await wallets.move(topUpOf('held', 'acc_held', 100n, 0n));
    await wallets.setLowBalance('acc_held', 50n);
    await ledger.hold([holdOf('large', 'acc_held', 90n)]);
    expect(await cross()).toEqual({ found: 0, low: 0 });
  });

  it('tells again when it is moved, and never when it is taken away', async () => {
    await wallets.setLowBalance('acc_poor', 50n);
    expect(await cross()).toEqual({ found: 1, low: 1 });
    await wallets.setLowBalance('acc_poor', 50n);
    expect(await cross()).toEqual({ found: 0, low: 0 });
    await wallets.setLowBalance('acc_poor', 60n);
    expect(await cross()).toEqual({ found: 1, low: 1 });
    await wallets.setLowBalance('acc_poor', undefined);
    expect(await cross()).toEqual({ found: 0, low: 0 });
  });

  it('tells once when two ledgers look at the same time', async () => {
    await wallets.setLowBalance('acc_watched', 1n);
    const looks = await Promise.all(Array.from({ length: 6 }, cross));
    expect(looks.reduce((sum, { low }) => sum + low, 0)).toBe(1);
  });
});

describe('a fact that cannot be believed', () => {
  it('is told with the row that waits for an operator', async () => {
    await wallets.move(topUpOf('doubted', 'acc_doubted', 100n, 0n));
    await ledger.hold([holdOf('doubted request', 'acc_doubted', 10n)]);
    await ledger.end([
      { ...voided('doubted request'), quarantine: { reason: 'negative usage', fact: factOf('doubted request') } },
    ]);
    const { rows } = await pool.query(
      "SELECT payload - 'at' AS payload FROM ledger.outbox WHERE subject = 'wallet.v1.usage-quarantined'",
    );
    const told = { requestId: 'doubted request', accountId: 'acc_doubted', reason: 'negative usage' };
    expect(rows).toEqual([{ payload: told }]);
  });
});
