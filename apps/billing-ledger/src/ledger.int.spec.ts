import { createGroupCommit, createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { expired, voided } from './domain/settlement.js';
import { LEDGER_SESSION } from './store/ledger-pool.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { factOf, holdOf, settledAt } from './testing/ledger-fixtures.js';
import { verifyLedger } from './verify/verify-ledger.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createPool(database.url, {
    max: 8,
    statementTimeoutMs: 10_000,
    applicationName: 'ledger-test',
    session: LEDGER_SESSION,
  });
  store = new PgLedgerStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
afterEach(async () => {
  const broken = (await verifyLedger(pool)).filter(({ violations }) => violations > 0);
  expect(broken).toEqual([]);
});

const fund = (accountId: string, amount: bigint) =>
  store.credit({ transactionId: `fund ${accountId}`, accountId, amount, reason: 'test', actor: 'test' });
const walletOf = async (accountId: string) => (await store.wallets([accountId]))[0];
const kindsOf = (results: readonly { kind: string }[]): string[] => results.map(({ kind }) => kind);

describe('holds', () => {
  it('never oversells: of 500 at once, a wallet that affords 20 admits exactly 20', async () => {
    await fund('acc_busy', 20n * 7n + 6n);
    const holds = createGroupCommit({
      commit: (items: readonly ReturnType<typeof holdOf>[]) => store.hold(items),
      batchMax: 40,
      waitingMax: 1_000,
      lingerMs: () => 0,
      mayIsolate: () => false,
    });
    const direct = Array.from({ length: 200 }, (_, at) => store.hold([holdOf(`busy direct ${at}`, 'acc_busy', 7n)]));
    const grouped = Array.from({ length: 300 }, (_, at) => holds.submit(holdOf(`busy ${at}`, 'acc_busy', 7n)));
    const results = [...(await Promise.all(direct)).flat(), ...(await Promise.all(grouped))];
    expect(kindsOf(results).filter((kind) => kind === 'admitted')).toHaveLength(20);
    expect(await walletOf('acc_busy')).toEqual({ available: 6n, held: 140n });
  });

  it('does not let one that is too large hide smaller ones behind it', async () => {
    await fund('acc_mixed', 100n);
    const amounts = [90n, 500n, 5n, 200n, 5n, 1n];
    const results = await store.hold(amounts.map((amount, at) => holdOf(`mixed ${at}`, 'acc_mixed', amount)));
    expect(kindsOf(results)).toEqual(['admitted', 'refused', 'admitted', 'refused', 'admitted', 'refused']);
  });

  it('keeps accounts of one batch apart, and refuses one that nobody has funded', async () => {
    await Promise.all([fund('acc_left', 10n), fund('acc_right', 10n)]);
    const items = [
      holdOf('left', 'acc_left', 10n),
      holdOf('right', 'acc_right', 11n),
      holdOf('nobody', 'acc_nobody', 1n),
    ];
    expect(kindsOf(await store.hold(items))).toEqual(['admitted', 'refused', 'refused']);
  });

  it('answers a replay with what was admitted, and changes nothing', async () => {
    await fund('acc_replay', 10n);
    const item = holdOf('replay', 'acc_replay', 10n);
    const first = await store.hold([item, item]);
    const second = await store.hold([item]);
    expect([kindsOf(first), kindsOf(second)]).toEqual([['admitted', 'known'], ['known']]);
    expect(second[0]).toMatchObject({ hold: { amount: 10n, state: 'held', inputHash: item.hashInput() } });
    expect(await walletOf('acc_replay')).toEqual({ available: 0n, held: 10n });
  });

  it('does not wait for ever when batches name the same accounts in opposite order', async () => {
    await Promise.all([fund('acc_a', 1_000n), fund('acc_b', 1_000n)]);
    const rounds = Array.from({ length: 40 }, (_, at) => {
      const pair = [holdOf(`cross a ${at}`, 'acc_a', 1n), holdOf(`cross b ${at}`, 'acc_b', 1n)];
      return store.hold(at % 2 === 0 ? pair : pair.reverse());
    });
    expect((await Promise.all(rounds)).flat().every(({ kind }) => kind === 'admitted')).toBe(true);
  });
});

describe('ends', () => {
  it('charges the cost, returns the rest, and writes the usage row', async () => {
    await fund('acc_settle', 100n);
    await store.hold([holdOf('settle', 'acc_settle', 60n)]);
    expect(await store.end([settledAt('settle', 25n)])).toEqual([{ kind: 'ended' }]);
    expect(await walletOf('acc_settle')).toEqual({ available: 75n, held: 0n });
    const query = { accountId: 'acc_settle', limit: 5 };
    const rows = await store.usage({
      ...query,
      keyId: undefined,
      model: undefined,
      since: undefined,
      until: undefined,
      after: undefined,
    });
    expect(rows).toMatchObject([{ requestId: 'settle', cost: 25n, units: { input: 10, output: 5 } }]);
  });

  it('never charges more than was held; the excess is booked as our overrun', async () => {
    await fund('acc_over', 100n);
    await store.hold([holdOf('over', 'acc_over', 60n)]);
    await store.end([settledAt('over', 85n)]);
    const { rows } = await pool.query(
      "SELECT account_id, balance, amount FROM ledger.entry WHERE reference = 'over' AND kind = 'settle' ORDER BY account_id, balance",
    );
    expect(rows).toEqual([
      { account_id: 'acc_over', balance: 'held', amount: -60n },
      { account_id: 'platform:overrun', balance: 'posted', amount: -25n },
      { account_id: 'platform:revenue', balance: 'posted', amount: 85n },
    ]);
  });

  it('voids to nothing and leaves no usage row', async () => {
    await fund('acc_void', 100n);
    await store.hold([holdOf('void', 'acc_void', 60n), holdOf('lapse', 'acc_void', 10n)]);
    await store.end([voided('void'), expired('lapse')]);
    const { rows } = await pool.query("SELECT 1 FROM ledger.usage WHERE account_id = 'acc_void'");
    expect([rows, await walletOf('acc_void')]).toEqual([[], { available: 100n, held: 0n }]);
  });

  it('lets the first end win, in one batch, one after the other, and in a race', async () => {
    await fund('acc_race', 1_000n);
    const ids = Array.from({ length: 30 }, (_, at) => `race ${at}`);
    await store.hold(ids.map((id) => holdOf(id, 'acc_race', 10n)));
    const together = await store.end([settledAt('race 0', 4n), voided('race 0')]);
    const after = await store.end([voided('race 0')]);
    expect([together, after]).toEqual([
      [{ kind: 'ended' }, { kind: 'repeated', state: 'settled' }],
      [{ kind: 'repeated', state: 'settled' }],
    ]);
    const raced = await Promise.all(
      ids.slice(1).flatMap((id) => [store.end([settledAt(id, 4n)]), store.end([voided(id)]), store.end([expired(id)])]),
    );
    expect(raced.flat().filter(({ kind }) => kind === 'ended')).toHaveLength(29);
  });

  it('knows nothing of a hold that was never made', async () => {
    expect(await store.end([settledAt('never', 4n)])).toEqual([{ kind: 'unknown' }]);
  });

  it('keeps a doubted fact for an operator, once', async () => {
    await fund('acc_doubt', 10n);
    await store.hold([holdOf('doubt', 'acc_doubt', 10n)]);
    const end = { ...voided('doubt'), quarantine: { reason: 'quarantined', fact: factOf('doubt') } };
    await store.end([end]);
    await store.end([end]);
    const { rows } = await pool.query(
      "SELECT reason, fact->>'model' AS model FROM ledger.quarantine WHERE request_id = 'doubt'",
    );
    expect(rows).toEqual([{ reason: 'quarantined', model: 'model' }]);
  });

  it('finds open holds whose time has passed, oldest first, and no ended ones', async () => {
    await fund('acc_overdue', 100n);
    const at = (requestId: string, expiresAt: number) => ({ ...holdOf(requestId, 'acc_overdue', 1n), expiresAt });
    await store.hold([at('overdue 3', 3_000), at('overdue 1', 1_000), at('overdue 2', 2_000), at('overdue 9', 9_000)]);
    await store.end([voided('overdue 2')]);
    expect(await store.overdueHolds(5_000, 10)).toEqual(['overdue 1', 'overdue 3']);
  });
});

describe('a grant', () => {
  const carvedFrom = (grantId: string, amount: bigint) => ({ grantId, amount, basis: 'carved', maxOutputTokens: 7 });

  it('is charged what its requests cost, and never beyond what it holds back', async () => {
    await fund('acc_grant', 100n);
    await store.hold([holdOf('grant a', 'acc_grant', 50n), holdOf('beside it', 'acc_grant', 40n)]);
    const carved = carvedFrom('grant a', 30n);
    expect(await store.end([{ ...settledAt('carved a', 30n), carved }])).toEqual([{ kind: 'ended' }]);
    await expect(store.end([{ ...settledAt('carved b', 30n), carved }])).rejects.toThrow(/hold_charge_within_amount/);
    expect(await store.end([{ ...settledAt('carved c', 25n), carved: carvedFrom('grant a', 20n) }])).toEqual([
      { kind: 'ended' },
    ]);
    expect(await walletOf('acc_grant')).toEqual({ available: 10n, held: 40n });
  });

  it('ends with some of its requests and others in one batch, each once', async () => {
    await fund('acc_batch', 100n);
    await store.hold([holdOf('grant b', 'acc_batch', 50n), holdOf('own', 'acc_batch', 10n)]);
    const spent = { ...settledAt('carved d', 4n), carved: carvedFrom('grant b', 10n) };
    const results = await store.end([spent, settledAt('own', 5n), spent, voided('never')]);
    expect(results).toEqual([
      { kind: 'ended' },
      { kind: 'ended' },
      { kind: 'repeated', state: 'settled' },
      { kind: 'unknown' },
    ]);
    expect(await store.end([spent])).toEqual([{ kind: 'repeated', state: 'settled' }]);
    await store.end([voided('grant b')]);
    expect(await walletOf('acc_batch')).toEqual({ available: 91n, held: 0n });
  });

  it('gives back a part before its end, once, and the rest at its end', async () => {
    await fund('acc_release', 100n);
    await store.hold([holdOf('grant c', 'acc_release', 50n)]);
    for (const amount of [20n, 20n]) await store.releaseGrant('grant c', amount);
    expect(await walletOf('acc_release')).toEqual({ available: 70n, held: 30n });
    await store.end([{ ...settledAt('carved e', 9n), carved: carvedFrom('grant c', 9n) }]);
    await store.end([expired('grant c')]);
    await store.releaseGrant('grant c', 1n);
    expect(await walletOf('acc_release')).toEqual({ available: 91n, held: 0n });
  });

  it('that has lapsed charges nobody, and one that never was is unknown', async () => {
    await fund('acc_lapsed', 100n);
    await store.hold([holdOf('grant d', 'acc_lapsed', 50n)]);
    await store.end([expired('grant d')]);
    const late = { ...settledAt('carved f', 9n), carved: carvedFrom('grant d', 9n) };
    const lost = { ...settledAt('carved g', 9n), carved: carvedFrom('no grant', 9n) };
    expect(await store.end([late, lost])).toEqual([{ kind: 'repeated', state: 'expired' }, { kind: 'unknown' }]);
    expect(await walletOf('acc_lapsed')).toEqual({ available: 100n, held: 0n });
  });

  it('is raced for by ends, its release and its own end without losing or doubling a nano', async () => {
    await fund('acc_contended', 10_000n);
    await store.hold([holdOf('grant e', 'acc_contended', 5_000n)]);
    const ends = Array.from({ length: 60 }, (_, at) =>
      store.end([{ ...settledAt(`contended ${at}`, 7n), carved: carvedFrom('grant e', 10n) }]),
    );
    const closing = [store.releaseGrant('grant e', 4_000n), store.end([voided('grant e')])];
    const results = await Promise.all(ends);
    await Promise.all(closing);
    const charged = results.flat().filter(({ kind }) => kind === 'ended').length;
    expect(await walletOf('acc_contended')).toEqual({ available: 10_000n - BigInt(charged) * 7n, held: 0n });
  });

  it('keeps a doubted fact of a carved request for an operator, its amounts as text', async () => {
    await fund('acc_carved_doubt', 10n);
    await store.hold([holdOf('grant f', 'acc_carved_doubt', 10n)]);
    const carved = carvedFrom('grant f', 5n);
    const fact = factOf('carved doubt', { carved });
    await store.end([{ ...voided('carved doubt'), carved, quarantine: { reason: 'quarantined', fact } }]);
    const { rows } = await pool.query(
      "SELECT fact->'carved'->>'amount' AS amount FROM ledger.quarantine WHERE request_id = 'carved doubt'",
    );
    expect(rows).toEqual([{ amount: '5' }]);
  });
});

describe('credits', () => {
  it('post once per transaction id, and refuse another credit under it', async () => {
    const credit = {
      transactionId: 'top-up',
      accountId: 'acc_credit',
      amount: 50n,
      reason: 'top-up',
      actor: 'operator',
    };
    expect(await store.credit(credit)).toEqual({ kind: 'credited', available: 50n });
    expect(await store.credit(credit)).toEqual({ kind: 'repeated', available: 50n });
    expect(await store.credit({ ...credit, amount: 51n })).toEqual({ kind: 'conflict' });
  });

  it('debit with a negative amount, down to nothing and no further', async () => {
    await fund('acc_debit', 50n);
    const debit = {
      transactionId: 'debit',
      accountId: 'acc_debit',
      amount: -30n,
      reason: 'correction',
      actor: 'operator',
    };
    expect(await store.credit(debit)).toEqual({ kind: 'credited', available: 20n });
    expect(await store.credit({ ...debit, transactionId: 'too much', amount: -21n })).toEqual({ kind: 'uncovered' });
    expect(await store.credit({ ...debit, transactionId: 'nobody', accountId: 'acc_unseen' })).toEqual({
      kind: 'uncovered',
    });
  });

  it('survive being sent many times at once', async () => {
    const credit = { transactionId: 'eager', accountId: 'acc_eager', amount: 5n, reason: 'top-up', actor: 'operator' };
    const results = await Promise.all(Array.from({ length: 20 }, () => store.credit(credit)));
    expect(kindsOf(results).filter((kind) => kind === 'credited')).toHaveLength(1);
    expect(await walletOf('acc_eager')).toEqual({ available: 5n, held: 0n });
  });
});

describe('price versions', () => {
  it('stay as they were first seen', async () => {
    const row = { id: 'fixed@1', model: 'fixed', usdPerMillion: { input: '1.00' }, status: 'listed' };
    await store.recordPrices([row]);
    expect(await store.recordPrices([{ ...row, usdPerMillion: { input: '9.00' } }])).toEqual([row]);
  });
});
