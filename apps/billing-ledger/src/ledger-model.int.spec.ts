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
    };

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
  ),
  { minLength: 1, maxLength: 12 },
);

const ENDS = {
  settle: settledAt,
  void: (id: string) => voided(id),
  expire: (id: string) => expired(id),
};

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
      for (const step of sequence) {
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
