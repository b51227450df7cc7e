import type { Cap, Span } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { voided } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 8);
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

const fund = (accountId: string, amount = 1_000_000n) =>
  store.credit({ transactionId: `fund ${accountId}`, accountId, amount, reason: 'test', actor: 'test' });
const cap = (span: Span, limit: bigint, subject = 'key:key_1'): Cap => ({ subject, span, limit });
const capped = (requestId: string, accountId: string, amount: bigint, caps: readonly Cap[]): SizedHold => ({
  ...holdOf(requestId, accountId, amount),
  model: 'model',
  caps,
});
const kindsOf = (results: readonly { kind: string }[]): string[] => results.map(({ kind }) => kind);
const usesOf = async (accountId: string, caps: readonly Cap[]) =>
  (await store.standings([{ accountId, caps }]))[0]?.uses.map(({ settled, held }) => [settled, held]);

describe('a cap', () => {
  it.each(['life', '5h', '1d', '7d'] as const)(
    'of %s is never overshot: of 500 at once it admits exactly 20',
    async (span) => {
      const accountId = `acc_burst_${span}`;
      await fund(accountId);
      const caps = [cap(span, 20n * 7n + 6n)];
      const holds = Array.from({ length: 500 }, (_, at) => capped(`burst ${span} ${at}`, accountId, 7n, caps));
      const batches = Array.from({ length: 50 }, (_, at) => store.hold(holds.slice(at * 10, at * 10 + 10)));
      const results = (await Promise.all(batches)).flat();
      expect(kindsOf(results).filter((kind) => kind === 'admitted')).toHaveLength(20);
      expect(await usesOf(accountId, caps)).toEqual([[0n, 140n]]);
      await store.end(holds.map(({ requestId }) => voided(requestId)));
      const again = Array.from({ length: 20 }, (_, at) => capped(`again ${span} ${at}`, accountId, 7n, caps));
      expect(new Set(kindsOf(await store.hold(again)))).toEqual(new Set(['admitted']));
    },
  );

  it('refuses all of a request or nothing: what one refuses counts nowhere', async () => {
    await fund('acc_whole');
    const caps = [cap('5h', 100n), cap('life', 10n), cap('7d', 100n, 'account')];
    const results = await store.hold([
      capped('too much', 'acc_whole', 11n, caps),
      capped('enough', 'acc_whole', 10n, caps),
    ]);
    expect(kindsOf(results)).toEqual(['refused', 'admitted']);
    expect(await usesOf('acc_whole', caps)).toEqual([
      [0n, 10n],
      [0n, 10n],
      [0n, 10n],
    ]);
  });

  it('counts what a request is charged, and nothing of one that fails', async () => {
    await fund('acc_charge');
    const caps = [cap('5h', 100n), cap('1d', 100n, 'model:model')];
    await store.hold([capped('paid', 'acc_charge', 60n, caps), capped('failed', 'acc_charge', 40n, caps)]);
    await store.end([settledAt('paid', 25n), voided('failed')]);
    expect(await usesOf('acc_charge', caps)).toEqual([
      [25n, 0n],
      [25n, 0n],
    ]);
  });

  it('that is set late has counted what was spent before, and what is open', async () => {
    await fund('acc_late');
    await store.hold(['a', 'b', 'c'].map((name) => capped(`late ${name}`, 'acc_late', 10n, [])));
    await store.hold([{ ...capped('late grant', 'acc_late', 50n, []), basis: 'grant', carvedForMs: 5_000 }]);
    const carved = { grantId: 'late grant', amount: 10n, basis: 'carved', maxOutputTokens: 1 };
    await store.end([settledAt('late a', 7n), voided('late b'), { ...settledAt('late carved', 4n), carved }]);
    const caps = [cap('5h', 100n), cap('life', 100n), cap('1d', 100n, 'model:model')];
    expect(await usesOf('acc_late', caps)).toEqual(Array.from(caps, () => [11n, 56n]));
    await store.end([settledAt('late c', 3n), { ...settledAt('late more', 6n), carved }]);
    await store.releaseGrant('late grant', 20n);
    expect(await usesOf('acc_late', caps)).toEqual(Array.from(caps, () => [20n, 20n]));
    await store.end([voided('late grant')]);
    expect(await usesOf('acc_late', caps)).toEqual(Array.from(caps, () => [20n, 0n]));
  });

  it('goes on counting while nobody asks for it', async () => {
    await fund('acc_gap');
    await store.hold([capped('with', 'acc_gap', 10n, [cap('life', 100n)])]);
    await store.hold([capped('without', 'acc_gap', 10n, [])]);
    expect(await usesOf('acc_gap', [cap('life', 100n)])).toEqual([[0n, 20n]]);
  });

  it('that was lowered below its use admits nothing more', async () => {
    await fund('acc_lowered');
    await store.hold([capped('before', 'acc_lowered', 50n, [cap('7d', 100n)])]);
    const [result] = await store.hold([capped('after', 'acc_lowered', 1n, [cap('7d', 40n)])]);
    expect(result).toMatchObject({ kind: 'refused', uses: [{ held: 50n }] });
  });
});

describe('the verification of counters', () => {
  it.each([
    { name: 'counted too much', forged: 'settled = settled + 1', told: /key:key_1.*counted 10\/8, holds 10\/7/ },
    { name: 'counted too little', forged: 'held = held - 1', told: /key:key_1.*counted 9\/7, holds 10\/7/ },
    { name: 'forgot a bucket', forged: 'held = 0, settled = 0', told: /key:key_1.*counted 0\/0, holds 10\/7/ },
  ])('finds one that $name', async ({ name, forged, told }) => {
    await fund(name);
    const caps = [cap('5h', 100n)];
    await store.hold([capped(`open ${name}`, name, 10n, caps), capped(`paid ${name}`, name, 20n, caps)]);
    await store.end([settledAt(`paid ${name}`, 7n)]);
    await pool.query(`UPDATE ledger.spend SET ${forged} WHERE account_id = $1`, [name]);
    const broken = (await verifyLedger(pool)).filter(({ violations }) => violations > 0);
    await pool.query('UPDATE ledger.spend SET held = 10, settled = 7 WHERE account_id = $1', [name]);
    expect(broken).toMatchObject([{ id: 'I8', violations: 1, samples: [expect.stringMatching(told)] }]);
  });
});
