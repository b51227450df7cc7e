import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import fc from 'fast-check';

import { expired, voided } from './domain/settlement.js';
import { createLedgerPool } from './ledger-pool.js';
import type { LedgerStore } from './ledger-store.js';
import { PgLedgerStore } from './pg-ledger-store.js';
import { holdOf, settledAt } from './testing/ledger-fixtures.js';
import { MemoryLedgerStore } from './testing/memory-ledger-store.js';
import { verifyLedger } from './verify/verify-ledger.js';

type Step =
  | { readonly do: 'credit'; readonly account: number; readonly transaction: number; readonly amount: bigint }
  | { readonly do: 'hold'; readonly requests: readonly number[] }
  | {
      readonly do: 'end';
      readonly items: readonly { request: number; how: 'settle' | 'void' | 'expire'; cost: bigint }[];
    }
  | {
      /** Ends requests that were carved from another request's hold, as from a grant. */
      readonly do: 'spend';
      readonly grant: number;
      readonly items: readonly { carve: number; how: 'settle' | 'void'; amount: bigint; cost: bigint }[];
    }
  | { readonly do: 'release'; readonly grant: number; readonly amount: bigint };

/** What each request asks for: the same every time, as a request id promises. */
type Requests = readonly { readonly account: number; readonly amount: bigint }[];

const REQUESTS = 12;
const amount = fc.bigInt(0n, 60n);
const account = fc.nat(1);
const request = fc.nat(REQUESTS - 1);
const how = fc.constantFrom('settle' as const, 'void' as const, 'expire' as const);

const requests: fc.Arbitrary<Requests> = fc.array(fc.record({ account, amount }), {
  minLength: REQUESTS,
  maxLength: REQUESTS,
});

/** Few accounts and requests, so that sequences repeat, race and reorder the same ones. */
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('credit' as const),
      account,
      transaction: fc.nat(5),
      amount: fc.bigInt(-40n, 100n).filter((each) => each !== 0n),
    }),
    fc.record({ do: fc.constant('hold' as const), requests: fc.array(request, { minLength: 1, maxLength: 6 }) }),
    fc.record({
      do: fc.constant('end' as const),
      items: fc.array(fc.record({ request, how, cost: amount }), { minLength: 1, maxLength: 5 }),
    }),
    fc.record({
      do: fc.constant('spend' as const),
      grant: request,
      items: fc.array(
        fc.record({
          carve: fc.nat(7),
          how: fc.constantFrom('settle' as const, 'void' as const),
          amount: fc.bigInt(0n, 20n),
          cost: fc.bigInt(0n, 25n),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    fc.record({ do: fc.constant('release' as const), grant: request, amount: fc.bigInt(0n, 30n) }),
  ),
  { minLength: 1, maxLength: 12 },
);

const ENDS = {
  settle: settledAt,
  void: (id: string) => voided(id),
  expire: (id: string) => expired(id),
};

/** A ledger never carves, or gives back, more than a grant has left; what it does not do is not asked. */
function withinGrants(step: Step, run: number, model: MemoryLedgerStore): Step {
  if (step.do !== 'spend' && step.do !== 'release') return step;
  const grant = model.holds.get(`req ${run} ${step.grant}`);
  let left = grant ? grant.amount - grant.drawn - grant.returned : 0n;
  if (step.do === 'release') return { ...step, amount: step.amount < left ? step.amount : left };
  return {
    ...step,
    items: step.items.map((item) => {
      const size = item.amount < left ? item.amount : left;
      left -= size;
      return { ...item, amount: size };
    }),
  };
}

/** The answer of a store to one step; both are asked the same, under ids of this run. */
async function take(store: LedgerStore, run: number, step: Step, asked: Requests): Promise<unknown> {
  const accountId = (at: number): string => `acc ${run} ${at}`;
  const requestId = (at: number): string => `req ${run} ${at}`;
  if (step.do === 'credit') {
    const transactionId = `txn ${run} ${step.transaction}`;
    const { account: at, amount: credited } = step;
    return store.credit({ transactionId, accountId: accountId(at), amount: credited, reason: 'model', actor: 'model' });
  }
  if (step.do === 'end') return store.end(step.items.map((item) => ENDS[item.how](requestId(item.request), item.cost)));
  if (step.do === 'release') return store.releaseGrant(requestId(step.grant), step.amount);
  if (step.do === 'spend') {
    const ends = step.items.map(({ carve, how: end, amount: size, cost }) => ({
      ...ENDS[end](`carve ${run} ${carve}`, cost),
      carved: { grantId: requestId(step.grant), amount: size, basis: 'carved', maxOutputTokens: 1 },
    }));
    return store.end(ends);
  }
  const holds = step.requests.map((at) => {
    const { account: owner = 0, amount: size = 0n } = asked[at] ?? {};
    return holdOf(requestId(at), accountId(owner), size);
  });
  return (await store.hold(holds)).map(({ kind }) => kind);
}

describe('the ledger, compared with a model', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await withTestDatabase();
    pool = createLedgerPool(database.url, 4);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('answers every sequence alike, twice in a row, and ends with the same wallets and a balanced book', async () => {
    const store = new PgLedgerStore(pool);
    let runs = 0;
    const agrees = fc.asyncProperty(requests, steps, async (asked, sequence) => {
      const run = (runs += 1);
      const model = new MemoryLedgerStore();
      for (const planned of sequence) {
        const step = withinGrants(planned, run, model);
        // Twice: the second time is a replay, and what it may change is decided by the model too.
        for (const times of [1, 2]) {
          const answers = [await take(store, run, step, asked), await take(model, run, step, asked)];
          expect({ times, answer: answers[0] }).toEqual({ times, answer: answers[1] });
        }
      }
      const accounts = [`acc ${run} 0`, `acc ${run} 1`];
      expect(await store.wallets(accounts)).toEqual(await model.wallets(accounts));
    });
    await fc.assert(agrees, { numRuns: 200, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false });
    const broken = (await verifyLedger(pool)).filter(({ violations }) => violations > 0);
    expect(broken).toEqual([]);
  });
});
