import type { Cap } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { LEDGER_SESSION } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  const settings = { max: 8, statementTimeoutMs: 10_000, applicationName: 'extension-test', session: LEDGER_SESSION };
  pool = createPool(database.url, settings);
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
const walletOf = async (accountId: string) => {
  const { rows } = await pool.query<{ available: bigint; held: bigint }>(
    'SELECT available, held FROM ledger.account WHERE id = $1',
    [accountId],
  );
  return rows[0];
};
const grown = (hold: SizedHold, amount: bigint, maxOutputTokens: number): SizedHold => ({
  ...hold,
  ...{ amount, maxOutputTokens, basis: `input=1 output=${maxOutputTokens} price=model@1` },
});

describe('an extension', () => {
  it('holds the difference, in a transaction of its own, and a repeat changes nothing', async () => {
    await fund('acc_grow', 100n);
    const hold = holdOf('grow', 'acc_grow', 10n);
    await store.hold([hold]);
    for (const [amount, tokens] of [
      [30n, 3],
      [30n, 3],
      [60n, 6],
      [30n, 3],
    ] as const)
      expect(await store.extend(grown(hold, amount, tokens))).toEqual({ kind: 'extended' });
    expect(await walletOf('acc_grow')).toEqual({ available: 40n, held: 60n });
    const { rows } = await pool.query(
      "SELECT kind, balance, amount FROM ledger.entry WHERE reference = 'grow' ORDER BY kind, balance",
    );
    expect(rows).toEqual([
      { kind: 'extend-3', balance: 'available', amount: -20n },
      { kind: 'extend-3', balance: 'held', amount: 20n },
      { kind: 'extend-6', balance: 'available', amount: -30n },
      { kind: 'extend-6', balance: 'held', amount: 30n },
      { kind: 'hold', balance: 'available', amount: -10n },
      { kind: 'hold', balance: 'held', amount: 10n },
    ]);
    expect((await pool.query("SELECT basis FROM ledger.hold WHERE request_id = 'grow'")).rows).toEqual([
      { basis: 'input=1 output=6 price=model@1' },
    ]);
  });

  it('is all or nothing, and says how much room there is', async () => {
    await fund('acc_tight', 25n);
    const hold = holdOf('tight', 'acc_tight', 10n);
    await store.hold([hold]);
    expect(await store.extend(grown(hold, 26n, 3))).toMatchObject({
      kind: 'refused',
      hold: { amount: 10n, maxOutputTokens: 1 },
      wallet: { available: 15n, held: 10n },
    });
    expect(await walletOf('acc_tight')).toEqual({ available: 15n, held: 10n });
    expect(await store.extend(grown(hold, 25n, 2))).toEqual({ kind: 'extended' });
  });

  it('charges up to what it has grown to, and returns the rest', async () => {
    await fund('acc_charge', 100n);
    const hold = holdOf('charge', 'acc_charge', 10n);
    await store.hold([hold]);
    await store.extend(grown(hold, 50n, 5));
    await store.end([settledAt('charge', 35n)]);
    expect(await walletOf('acc_charge')).toEqual({ available: 65n, held: 0n });
  });

  it('finds nothing to extend where there is no hold, it has ended, or it is another request', async () => {
    await fund('acc_over', 100n);
    const hold = holdOf('over', 'acc_over', 10n);
    expect(await store.extend(grown(hold, 20n, 2))).toEqual({ kind: 'over' });
    await store.hold([hold]);
    expect(await store.extend({ ...grown(hold, 20n, 2), hashInput: () => 'another' })).toEqual({ kind: 'over' });
    await store.end([voided('over')]);
    expect(await store.extend(grown(hold, 20n, 2))).toEqual({ kind: 'over' });
    expect(await walletOf('acc_over')).toEqual({ available: 100n, held: 0n });
  });

  it('never oversells: of holds, extensions and ends at once, the wallet pays for each once', async () => {
    await fund('acc_race', 100n);
    const first = Array.from({ length: 5 }, (_, at) => holdOf(`race ${at}`, 'acc_race', 10n));
    await store.hold(first);
    const others = Array.from({ length: 20 }, (_, at) => store.hold([holdOf(`race late ${at}`, 'acc_race', 5n)]));
    const extensions = first.flatMap((hold) =>
      [2, 3, 4].map((times) => store.extend(grown(hold, BigInt(times) * 10n, times))),
    );
    const ends = first.slice(0, 2).map(({ requestId }) => store.end([voided(requestId)]));
    await Promise.all([...others, ...extensions, ...ends]);
    const wallet = await walletOf('acc_race');
    expect(wallet!.available >= 0n && wallet!.available + wallet!.held === 100n).toBe(true);
  });
});

describe('an extension under caps', () => {
  const cap = (limit: bigint, span: Cap['span'] = '5h'): Cap => ({ subject: 'key:key_1', span, limit });

  it.each(['life', '5h', '1d', '7d'] as const)(
    'is admitted against the cap of %s that its hold was, and counted in it',
    async (span) => {
      const accountId = `acc_cap_${span}`;
      await fund(accountId, 1_000n);
      const caps = [cap(50n, span)];
      const [hold, other] = [holdOf(`cap ${span}`, accountId, 10n), holdOf(`other ${span}`, accountId, 15n)].map(
        (held) => ({ ...held, caps }),
      );
      await store.hold([hold!, other!]);
      expect(await store.extend(grown(hold!, 36n, 4))).toMatchObject({
        kind: 'refused',
        uses: [{ held: 25n, settled: 0n }],
      });
      expect(await store.extend(grown(hold!, 35n, 3))).toEqual({ kind: 'extended' });
      const refused = await store.hold([{ ...holdOf(`third ${span}`, accountId, 1n), caps }]);
      expect(refused[0]?.kind).toBe('refused');
      await store.end([settledAt(`cap ${span}`, 20n)]);
      const admitted = await store.hold([{ ...holdOf(`third ${span}`, accountId, 15n), caps }]);
      expect(admitted[0]?.kind).toBe('admitted');
    },
  );
});
