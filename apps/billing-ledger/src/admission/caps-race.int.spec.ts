import type { Cap } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import fc from 'fast-check';

import { voided } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';

let database: TestDatabase;
let owner: Pool;
let pools: readonly Pool[];
let store: PgLedgerStore;

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { max: 2, statementTimeoutMs: 10_000, applicationName: 'owner' });
  pools = Array.from({ length: 4 }, () => createLedgerPool(database.url, 2));
  store = writerAt(0);
});
afterAll(async () => {
  await Promise.all([...pools, owner].map((pool) => pool.end()));
  await database.drop();
});
afterEach(async () => {
  const broken = (await verifyLedger(owner)).filter(({ violations }) => violations > 0);
  expect(broken).toEqual([]);
});

function writerAt(at: number): PgLedgerStore {
  const pool = pools[at % pools.length];
  if (!pool) throw new Error('no such writer');
  return new PgLedgerStore(pool);
}

const credit = (transactionId: string, accountId: string, amount: bigint, of: PgLedgerStore = store) =>
  of.credit({ transactionId, accountId, amount, reason: 'test', actor: 'test' });
const fund = (accountId: string) => credit(`fund ${accountId}`, accountId, 1_000_000n);
const caps = (limit: bigint): Cap[] =>
  (['life', '5h', '1d', '7d'] as const).map((span) => ({ subject: 'key:key_1', span, limit }));
const capped = (requestId: string, accountId: string, amount: bigint, of: readonly Cap[]): SizedHold => ({
  ...holdOf(requestId, accountId, amount),
  caps: of,
});
const usesOf = async (accountId: string, of: readonly Cap[]) =>
  (await store.standings([{ accountId, caps: of }]))[0]?.uses.map(({ settled, held }) => [settled, held]);

/** Does something as one transaction that has locked a wallet, while something else waits for the lock. */
async function meanwhile(
  accountId: string,
  waiting: () => Promise<unknown>,
  inside: (store: PgLedgerStore) => Promise<unknown>,
): Promise<void> {
  // One session, so that what the store does in it is part of the transaction.
  const session = createPool(database.url, { max: 1, statementTimeoutMs: 10_000, applicationName: 'session' });
  try {
    await session.query('BEGIN');
    await session.query('SELECT 1 FROM ledger.account WHERE id = $1 FOR UPDATE', [accountId]);
    const waited = waiting();
    const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await owner.query(isWaiting)).rowCount === 0);
    // A transaction within this one changes nothing: the server warns, and commits at its end.
    await inside(new PgLedgerStore(session));
    await session.query('COMMIT');
    await waited;
  } finally {
    await session.end();
  }
}

describe('what has waited for the lock of a wallet', () => {
  it('sees what was counted while it waited: a hold', async () => {
    await fund('acc_hold');
    const of = caps(10n);
    await store.standings([{ accountId: 'acc_hold', caps: of }]);
    const kinds: string[] = [];
    await meanwhile(
      'acc_hold',
      async () => kinds.push(...(await store.hold([capped('waits', 'acc_hold', 1n, of)])).map(({ kind }) => kind)),
      (inside) => inside.hold([capped('first', 'acc_hold', 10n, of)]),
    );
    expect([kinds, await usesOf('acc_hold', of)]).toEqual([['refused'], Array.from(of, () => [0n, 10n])]);
  });

  it.each([
    { name: 'an end', end: (of: string) => store.end([settledAt(`open ${of}`, 4n)]), uses: [4n, 50n] },
    {
      name: 'an end that is charged to a grant',
      end: (of: string) => {
        const carved = { grantId: `grant ${of}`, amount: 9n, basis: 'carved', maxOutputTokens: 1 };
        return store.end([{ ...settledAt('carved', 9n), carved }]);
      },
      uses: [9n, 51n],
    },
    {
      name: 'what is given back of a grant',
      end: (of: string) => store.releaseGrant(`grant ${of}`, 20n),
      uses: [0n, 40n],
    },
  ])('meets a counter that was begun while it waited: $name', async ({ name, end, uses }) => {
    await fund(name);
    const grant = { ...capped(`grant ${name}`, name, 50n, []), carvedForMs: 5_000 };
    await store.hold([capped(`open ${name}`, name, 10n, []), grant]);
    const of = caps(100n);
    await meanwhile(
      name,
      () => end(name),
      (inside) => inside.standings([{ accountId: name, caps: of }]),
    );
    expect(await usesOf(name, of)).toEqual(Array.from(of, () => uses));
  });
});

describe('a wallet that did not cover what it covers once its lock is free', () => {
  const walletOf = async (accountId: string) => (await store.wallets([accountId]))[0];

  it('admits a hold that fits into what another gave back', async () => {
    await credit('fund returned', 'acc_returned', 15n);
    await store.hold([holdOf('gives back', 'acc_returned', 10n)]);
    const kinds: string[] = [];
    await meanwhile(
      'acc_returned',
      async () => kinds.push(...(await store.hold([holdOf('fits now', 'acc_returned', 10n)])).map(({ kind }) => kind)),
      (inside) => inside.end([settledAt('gives back', 2n)]),
    );
    expect([kinds, await walletOf('acc_returned')]).toEqual([['admitted'], { available: 3n, held: 10n }]);
  });

  it('ends a hold that was extended', async () => {
    await credit('fund extended', 'acc_extended', 100n);
    const hold = holdOf('grows', 'acc_extended', 10n);
    await store.hold([hold]);
    const kinds: string[] = [];
    await meanwhile(
      'acc_extended',
      async () => kinds.push(...(await store.end([settledAt('grows', 25n)])).map(({ kind }) => kind)),
      (inside) => inside.extend({ ...hold, amount: 30n, maxOutputTokens: 3 }),
    );
    expect([kinds, await walletOf('acc_extended')]).toEqual([['ended'], { available: 75n, held: 0n }]);
  });

  it('gives a debit what was credited', async () => {
    await credit('fund debited', 'acc_debited', 5n);
    const results: unknown[] = [];
    await meanwhile(
      'acc_debited',
      async () => results.push(await credit('debit', 'acc_debited', -8n)),
      (inside) => credit('more', 'acc_debited', 10n, inside),
    );
    expect(results).toEqual([{ kind: 'credited', available: 7n }]);
  });
});

describe('a ledger that was stopped between two statements', () => {
  it('lets go of the wallet that it had locked', async () => {
    await fund('locked');
    const stopped = await pools[1]!.connect();
    try {
      await stopped.query('BEGIN');
      await stopped.query(`SELECT 1 FROM ledger.account WHERE id = 'locked' FOR UPDATE`);
      const lock = owner.query(`UPDATE ledger.account SET is_low = is_low WHERE id = 'locked'`);
      await expect(lock).resolves.toMatchObject({ rowCount: 1 });
    } finally {
      stopped.release(new Error('the server has ended it'));
    }
  });
});

describe('writers that race', () => {
  it.each([2, 3, 4])('never exceed a cap, and nothing is lost when all is given back: %d of them', async (writers) => {
    const accountId = `acc_race_${writers}`;
    await fund(accountId);
    const limit = 100n;
    const of = caps(limit);
    let ids = 0;
    const seen: bigint[] = [];
    const sizes = fc.sample(fc.bigInt(0n, 40n), { numRuns: 600, seed: writers });
    const writer = async (at: number): Promise<void> => {
      const own = writerAt(at);
      for (let round = 0; round < 25; round += 1) {
        const holds = Array.from({ length: 4 }, () =>
          capped(`race ${writers} ${(ids += 1)}`, accountId, sizes[ids % 600] ?? 1n, of),
        );
        const results = await own.hold(holds);
        seen.push(...results.flatMap(({ uses }) => uses.map(({ settled, held }) => settled + held)));
        const admitted = holds.filter((_, place) => results[place]?.kind === 'admitted');
        await own.end(admitted.map(({ requestId }) => voided(requestId)));
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, at) => writer(at)));
    expect(seen.every((use) => use <= limit)).toBe(true);
    expect(await usesOf(accountId, of)).toEqual(Array.from(of, () => [0n, 0n]));
    const whole = await store.hold([capped(`whole ${writers}`, accountId, limit, of)]);
    expect(whole[0]?.kind).toBe('admitted');
  });

  it('begin a counter once, with what was spent before', async () => {
    await fund('acc_begin');
    await store.hold([capped('spent', 'acc_begin', 10n, []), capped('held', 'acc_begin', 5n, [])]);
    await store.end([settledAt('spent', 7n)]);
    const of = caps(20n);
    const holds = Array.from({ length: 12 }, (_, at) =>
      writerAt(at).hold([capped(`begin ${at}`, 'acc_begin', 1n, of)]),
    );
    const kinds = (await Promise.all(holds)).flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(8);
    expect(await usesOf('acc_begin', of)).toEqual(Array.from(of, () => [7n, 13n]));
  });
});
