import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { createLedgerGroups, type LedgerGroups } from './ledger-groups.js';
import { createLedgerPool, LEDGER_SESSION } from './ledger-pool.js';
import { PgLedgerStore } from './pg-ledger-store.js';

let database: TestDatabase;
let owner: Pool;
let pools: readonly [Pool, Pool, Pool];
let store: PgLedgerStore;
let groups: LedgerGroups;

beforeAll(async () => {
  database = await withTestDatabase();
  owner = createPool(database.url, { max: 2, statementTimeoutMs: 60_000, applicationName: 'owner' });
  // Who waits for a wallet waits as long as the test does, however slow its machine.
  const patient = {
    max: 4,
    statementTimeoutMs: 60_000,
    applicationName: 'billing-ledger',
    session: LEDGER_SESSION,
  };
  pools = [createLedgerPool(database.url, 4), createLedgerPool(database.url, 4), createPool(database.url, patient)];
  store = new PgLedgerStore(...pools);
});
beforeEach(() => {
  groups = createLedgerGroups(store);
});
afterEach(async () => {
  await Promise.all([groups.holds.settled(), groups.ends.settled()]);
  const broken = (await verifyLedger(owner)).filter(({ violations }) => violations > 0);
  expect(broken).toEqual([]);
});
afterAll(async () => {
  await Promise.all([...pools, owner].map((pool) => pool.end()));
  await database.drop();
});

let scenes = 0;

/** Three customers; wallets are locked in the order of their names, so the locked one is in the way of one and behind another. */
async function threeAccounts() {
  scenes += 1;
  const [before, locked, behind] = [`${scenes} a`, `${scenes} b`, `${scenes} c`] as const;
  for (const accountId of [before, locked, behind])
    await store.credit({ transactionId: accountId, accountId, amount: 1_000n, reason: 'test', actor: 'test' });
  return { before, locked, behind };
}

/** Does something while somebody's long transaction holds a wallet locked, from its first moment to its last. */
async function whileLocked<T>(accountId: string, work: () => Promise<T>): Promise<T> {
  const session = await owner.connect();
  try {
    await session.query('BEGIN');
    await session.query('SELECT 1 FROM ledger.account WHERE id = $1 FOR UPDATE', [accountId]);
    return await work();
  } finally {
    await session.query('ROLLBACK');
    session.release();
  }
}

const kindOf = ({ kind }: { readonly kind: string }): string => kind;

describe('while somebody holds one wallet locked', () => {
  it('others are admitted from the same batch, and who needs it as soon as it is free', async () => {
    const { before, locked, behind } = await threeAccounts();
    const told: string[] = [];
    const waiting = await whileLocked(locked, async () => {
      const hold = (accountId: string) => groups.holds.submit(holdOf(`${accountId} first`, accountId, 1n));
      const needing = hold(locked).finally(() => told.push('needing'));
      const [one, other] = await Promise.all([hold(before), hold(behind)]);
      expect([one.kind, other.kind, told]).toEqual(['admitted', 'admitted', []]);
      return { needing };
    });
    expect(await waiting.needing).toMatchObject({ kind: 'admitted', wallet: { available: 999n, held: 1n } });
  });

  it('those who come later do not wait with those who need it', async () => {
    const { before, locked } = await threeAccounts();
    const waiting = await whileLocked(locked, async () => {
      const needing: Promise<unknown>[] = [];
      for (let at = 0; at < 20; at += 1) {
        needing.push(groups.holds.submit(holdOf(`${locked} ${at}`, locked, 1n)).then(kindOf));
        expect(kindOf(await groups.holds.submit(holdOf(`${before} ${at}`, before, 1n)))).toBe('admitted');
      }
      return { needing };
    });
    expect(new Set(await Promise.all(waiting.needing))).toEqual(new Set(['admitted']));
    expect(await store.wallets([before, locked])).toEqual([
      { available: 980n, held: 20n },
      { available: 980n, held: 20n },
    ]);
  });

  it('the requests of others end, and keep no wallet locked while they wait to', async () => {
    const { before, locked, behind } = await threeAccounts();
    const accounts = [before, locked, behind];
    for (const accountId of accounts) await groups.holds.submit(holdOf(`${accountId} ends`, accountId, 100n));
    const waiting = await whileLocked(locked, async () => {
      const ends = accounts.map((accountId) => groups.ends.submit(settledAt(`${accountId} ends`, 7n)).then(kindOf));
      expect(await Promise.all([ends[0], ends[2]])).toEqual(['ended', 'ended']);
      // One that waits has locked nobody's wallet but its own.
      expect(kindOf(await groups.holds.submit(holdOf(`${before} next`, before, 1n)))).toBe('admitted');
      return { ends };
    });
    expect(await Promise.all(waiting.ends)).toEqual(['ended', 'ended', 'ended']);
    expect(await store.wallets([locked])).toEqual([{ available: 993n, held: 0n }]);
  });

  it('the streams of others are extended, however many of one customer wait', async () => {
    const { before, locked } = await threeAccounts();
    const longer = (requestId: string, accountId: string) =>
      groups.extensions.submit({ ...holdOf(requestId, accountId, 5n), maxOutputTokens: 5 }).then(kindOf);
    const streams = Array.from({ length: 6 }, (_, at) => `${locked} stream ${at}`);
    for (const requestId of streams) await groups.holds.submit(holdOf(requestId, locked, 1n));
    await groups.holds.submit(holdOf(`${before} stream`, before, 1n));
    const waiting = await whileLocked(locked, async () => {
      const needing = streams.map((requestId) => longer(requestId, locked));
      expect(await longer(`${before} stream`, before)).toBe('extended');
      return { needing };
    });
    expect(await Promise.all(waiting.needing)).toEqual(streams.map(() => 'extended'));
    expect(await store.wallets([locked])).toEqual([{ available: 970n, held: 30n }]);
  });

  it('a customer without a wallet is refused, not waited for', async () => {
    const { locked } = await threeAccounts();
    const waiting = await whileLocked(locked, async () => {
      const needing = groups.holds.submit(holdOf(`${locked} needs`, locked, 1n));
      const nobody = await groups.holds.submit(holdOf(`${scenes} nobody`, `${scenes} nobody`, 1n));
      expect(nobody).toMatchObject({ kind: 'refused', wallet: { available: 0n, held: 0n } });
      return { needing };
    });
    expect(kindOf(await waiting.needing)).toBe('admitted');
  });
});

describe('what was carved from a grant', () => {
  it('ends while the wallet of another grant is locked', async () => {
    const { before, locked } = await threeAccounts();
    const accounts = [before, locked];
    for (const accountId of accounts)
      await groups.holds.submit({ ...holdOf(`${accountId} grant`, accountId, 100n), basis: 'grant' });
    const waiting = await whileLocked(locked, async () => {
      const ends = accounts.map((accountId) => {
        const carved = { grantId: `${accountId} grant`, amount: 10n, basis: 'carved', maxOutputTokens: 1 };
        return groups.ends.submit({ ...settledAt(`${accountId} carved`, 7n), carved }).then(kindOf);
      });
      expect(await ends[0]).toBe('ended');
      return { ends };
    });
    expect(await Promise.all(waiting.ends)).toEqual(['ended', 'ended']);
  });
});
