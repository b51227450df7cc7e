import type { UsageFact } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError } from '@bytespike/kernel';
import { readUnitPrices } from '@bytespike/pricing';
import fc from 'fast-check';

import { voided, type Settlement } from '../domain/settlement.js';
import { createLedgerGroups } from '../store/ledger-groups.js';
import { createLedgerPool } from '../store/ledger-pool.js';
import type { EndResult, Locked } from '../store/ledger-store.js';
import { PgLedgerStore } from '../store/pg-ledger-store.js';
import { factOf, holdOf } from '../testing/ledger-fixtures.js';
import { settleFacts, type FactResult } from '../settlement/usage-consumer.js';
import { verifyLedger } from '../verify/verify-ledger.js';
import { ExpirySweeper } from './expiry-sweeper.js';
import { PgOrphanStore } from './pg-orphan-store.js';

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;
/** Of the database, and of no ledger. */
let owner: Pool;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
  store = new PgLedgerStore(pool);
  owner = createPool(database.url, { max: 1, statementTimeoutMs: 5_000, applicationName: 'test' });
});
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()]);
  await database.drop();
});

const FUNDS = 1_000_000_000n;
const AMOUNT = 5_000_000n;
/** 1 USD per million input, 10 per million output: what one fact of the fixtures costs. */
const prices = {
  find: (id: string | undefined) => Promise.resolve(id ? readUnitPrices({ input: '1', output: '10' }) : undefined),
};
const COST = 2_000_000n;
const REQUESTS = 6;
let accounts = 0;

/** An account with six open requests: three have holds of their own, three were carved from a grant, one in three fails. */
async function openRequests() {
  const accountId = `acc_${(accounts += 1)}`;
  await store.credit({ transactionId: accountId, accountId, amount: FUNDS, reason: 'test', actor: 'test' });
  const grantId = `${accountId} grant`;
  const carved = { grantId, amount: AMOUNT, basis: 'carved', maxOutputTokens: 1 };
  const facts = Array.from({ length: REQUESTS }, (_, index): UsageFact => {
    const fact = factOf(`${accountId} ${index}`, { accountId, ...(index >= 3 && { carved }) });
    return index % 3 === 0 ? { ...fact, outcome: { ...fact.outcome, ending: 'failed', contentStarted: false } } : fact;
  });
  const grant = { ...holdOf(grantId, accountId, 4n * AMOUNT), basis: 'grant', reporter: `${accountId} ledger` };
  const own = facts.filter((fact) => !fact.carved).map(({ requestId }) => holdOf(requestId, accountId, AMOUNT));
  await store.hold([grant, ...own]);
  return { accountId, grantId, facts };
}

/**
 * How a delivery ends badly: its consumer dies with the facts unread, before its commit, or after it and before it has said
 * so to the stream; or Postgres ends every session of the ledger meanwhile, as when it is restarted.
 */
const DEATHS = ['at once', 'before the commit', 'before the acknowledgement', 'of the store'] as const;
type Death = (typeof DEATHS)[number];

const killed = new GatewayError('unavailable', 'killed');

/** What one consumer has of the store, until it dies. */
function mortal(death: Death | undefined): PgLedgerStore {
  const endUnlocked = async (items: readonly Settlement[]): Promise<readonly (EndResult | Locked)[]> => {
    if (death === 'before the commit') throw killed;
    const [ends] = await Promise.all([store.endUnlocked(items), death === 'of the store' && cutSessions()]);
    if (death === 'before the acknowledgement') throw killed;
    return ends;
  };
  return Object.assign(Object.create(store) as PgLedgerStore, { endUnlocked });
}

const cutSessions = () =>
  owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'billing-ledger'`);

/** One delivery to one consumer. Rejects when the facts come again. */
async function consume(facts: readonly UsageFact[], death?: Death): Promise<readonly FactResult[]> {
  if (death === 'at once') return [];
  const { ends } = createLedgerGroups(mortal(death));
  const results: FactResult[] = [];
  await settleFacts(facts, { prices, end: ends.submit, observe: (result) => results.push(result) });
  return results;
}

/** As the stream does it: what is not acknowledged comes again. */
async function deliver(facts: readonly UsageFact[]): Promise<readonly FactResult[]> {
  for (;;) {
    const results = await consume(facts).catch(isUnavailable);
    if (results) return results;
  }
}

function isUnavailable(error: unknown): undefined {
  expect(error).toMatchObject({ kind: 'unavailable' });
}

const violations = async () => (await verifyLedger(pool)).filter((finding) => finding.violations > 0);

describe('facts that come again, out of order, to consumers that die between any two steps', () => {
  it('charge each request once, and leave the book in order', async () => {
    const delivery = fc.record({
      places: fc.array(fc.nat(REQUESTS - 1), { minLength: 1, maxLength: 2 * REQUESTS }),
      death: fc.constantFrom(undefined, ...DEATHS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { maxLength: 6 }), async (deliveries) => {
        const { accountId, grantId, facts } = await openRequests();
        for (const { places, death } of deliveries) {
          const delivered = places.map((place) => facts[place]!);
          await consume(delivered, death).catch(isUnavailable);
        }
        await deliver([...facts].reverse());
        expect(new Set(await deliver(facts))).toEqual(new Set(['repeated']));
        await store.end([voided(grantId)]);
        expect(await store.wallets([accountId])).toEqual([{ available: FUNDS - 4n * COST, held: 0n }]);
      }),
      { numRuns: 40 },
    );
    expect(await violations()).toEqual([]);
  });
});

describe('a ledger that has died', () => {
  it('leaves a grant that waits for the requests carved from it, then lapses, and is charged nothing after that', async () => {
    const { accountId, grantId, facts } = await openRequests();
    const orphans = new PgOrphanStore(pool);
    const world = { now: Date.now() };
    const ends = createLedgerGroups(store).ends;
    const sweeper = new ExpirySweeper({
      store,
      orphans,
      grants: { openByReporter: () => new Map(), end: ends.submit },
      queue: { handledUntil: () => Promise.resolve(world.now) },
      now: () => world.now,
      everyMs: 150_000,
      settlingInMs: 0,
      orphanAfterMs: 120_000,
    });
    const beat = (reporter: string, oldestOpenMs: number, agoMs: number) =>
      orphans
        .seen(reporter, oldestOpenMs)
        .then(() =>
          pool.query(`UPDATE ledger.reporter SET seen_at = seen_at - $2 * interval '1 ms' WHERE id = $1`, [
            reporter,
            agoMs,
          ]),
        );
    const stateOfGrant = async () =>
      (await pool.query<{ state: string }>('SELECT state FROM ledger.hold WHERE request_id = $1', [grantId])).rows[0];
    await sweeper.sweep();
    world.now += 150_000;
    await pool.query(`UPDATE ledger.hold SET created_at = created_at - interval '4 minutes' WHERE request_id = $1`, [
      grantId,
    ]);
    await beat(`${accountId} ledger`, 0, 200_000);
    await beat('ingress', 300_000, 0);
    await sweeper.sweep();
    expect(await stateOfGrant()).toEqual({ state: 'held' });

    await consume(facts.slice(0, 5));
    await pool.query(`UPDATE ledger.reporter SET open_since = now() WHERE id = 'ingress'`);
    await sweeper.sweep();
    expect(await stateOfGrant()).toEqual({ state: 'expired' });
    expect(await consume(facts.slice(5))).toEqual(['late']);
    expect(await store.wallets([accountId])).toEqual([{ available: FUNDS - 3n * COST, held: 0n }]);
    expect(await violations()).toEqual([]);
  });
});
