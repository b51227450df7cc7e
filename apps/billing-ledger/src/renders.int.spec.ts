import { TASKS_REPORTER, type HoldRequest, type StatedOutcome, type UsageFact } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';
import fc from 'fast-check';

import { admitHold, type AdmissionPorts } from './admission/admit-hold.js';
import { usagePage, usageQuery } from './domain/usage-page.js';
import { usageReport } from './domain/usage-report.js';
import { usageSelection } from './domain/usage-selection.js';
import { PriceBook } from './prices/price-book.js';
import { settleFacts } from './settlement/usage-consumer.js';
import { PgStatementStore } from './statement/pg-statement-store.js';
import { statementHandlers } from './statement/statement.handlers.js';
import { createLedgerPool } from './store/ledger-pool.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { grantsOver } from './testing/grants-over.js';
import { verifyLedger } from './verify/verify-ledger.js';

const catalogue = {
  prices: [
    { model: 'film', id: 'film@1', usdPerSecond: '0.40' },
    { model: 'film', id: 'film-elsewhere@1', usdPerSecond: '0.20' },
    { model: 'picture', id: 'picture@1', usdPerImage: '0.08' },
  ].map((price) => ({ ...price, effectiveFrom: '2026-01-01', usdPerMillion: {}, status: 'listed' })),
};
const USD = 1_000_000_000n;
const HOUR_MS = 3_600_000;
const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };

let database: TestDatabase;
let pool: Pool;
let store: PgLedgerStore;
let statements: PgStatementStore;
let ports: ReturnType<typeof grantsOver> & Pick<AdmissionPorts, 'prices' | 'looksAgainMs'>;

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
  store = new PgLedgerStore(pool);
  statements = new PgStatementStore(pool);
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue }) };
  const prices = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  ports = { prices, ...grantsOver(store), looksAgainMs: [] };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
afterEach(async () => {
  expect((await verifyLedger(pool)).filter(({ violations }) => violations > 0)).toEqual([]);
});

const fund = (accountId: string, amount: NanoUsd) =>
  store.credit({ transactionId: `fund ${accountId}`, accountId, amount, reason: 'test', actor: 'test' });

const film = (requestId: string, accountId: string, change: Partial<HoldRequest> = {}): HoldRequest => ({
  ...{ requestId, accountId, keyId: 'key', operation: 'generate', model: 'film', caps: [], reporter: TASKS_REPORTER },
  ...{ priceVersions: ['film@1', 'film-elsewhere@1'], inputTokensUpperBound: 0, modelMaxOutputTokens: 1 },
  ...{ units: { seconds: 8 }, stream: false, deadline: Date.now() + 26 * HOUR_MS },
  ...change,
});

const made: StatedOutcome = {
  ...{ ending: 'complete', usage: { seconds: 8 }, usageSource: 'vendor', contentStarted: true, deliveredOutput: 0 },
  attempts: [],
};
const failed: StatedOutcome = {
  ...{ ending: 'failed', usageSource: 'none', contentStarted: false, deliveredOutput: 0 },
  ...{ failure: { kind: 'upstream-transient' }, attempts: [] },
};

const factOf = (hold: HoldRequest, outcome: StatedOutcome, change: Partial<UsageFact> = {}): UsageFact => ({
  ...{ requestId: hold.requestId, accountId: hold.accountId, keyId: hold.keyId, keyHint: 'sk-byts-...abcd' },
  ...{ protocol: 'tasks', operation: 'generate', model: hold.model, stream: false, priceVersion: 'film@1' },
  ...{ inputTokensEstimate: 0, startedAt: Date.now() - HOUR_MS, durationMs: HOUR_MS, outcome },
  ...change,
});

const settle = (...facts: readonly UsageFact[]) =>
  settleFacts(facts, { prices: ports.prices, end: ports.ends.submit, observe: () => undefined });

const receiptOf = ({ requestId, accountId }: HoldRequest) =>
  statementHandlers({ store: statements, ...ports }).readReceipt({ accountId, requestId }, context);

describe('a render', () => {
  it('of which a hundred ask at once with one name is held once', async () => {
    await fund('twins', 10n * USD);
    const hold = film('one name', 'twins');
    const answers = await Promise.all(Array.from({ length: 100 }, () => admitHold(hold, ports)));
    expect(new Set(answers.map(({ amount, basis }) => `${amount} ${basis}`))).toEqual(
      new Set([`${(32n * USD) / 10n} seconds=8 price=film@1`]),
    );
    expect(await store.wallets(['twins'])).toEqual([{ available: (68n * USD) / 10n, held: (32n * USD) / 10n }]);
  });

  it('is charged by the second at the target that made it, and its receipt, row and sums say so', async () => {
    await fund('paid', 10n * USD);
    const hold = film('paid film', 'paid');
    await admitHold(hold, ports);
    expect(await receiptOf(hold)).toMatchObject({ outcome: 'running', hold: { basis: 'seconds=8 price=film@1' } });
    const fact = factOf(hold, { ...made, usage: { seconds: 6 } }, { priceVersion: 'film-elsewhere@1' });
    await settle(fact);
    await settle(fact);
    expect(await receiptOf(hold)).toMatchObject({
      ...{ outcome: 'complete', rule: 'made', protocol: 'tasks', total: (12n * USD) / 10n, overrun: 0n, rounding: 0n },
      lines: [{ usageClass: 'seconds', units: 6, price: 200n * USD, amount: 1_200n * USD }],
    });
    const { rows } = usagePage(await store.usage(usageQuery({ accountId: 'paid', limit: 5 })), 5);
    expect(rows).toMatchObject([{ requestId: 'paid film', protocol: 'tasks', seconds: 6, cost: (12n * USD) / 10n }]);
    const question = { accountId: 'paid', since: Date.now() - HOUR_MS, until: Date.now() + HOUR_MS, timeZone: 'UTC' };
    const sums = await statements.usageSums(usageSelection({ ...question, by: ['model'] }));
    expect(usageReport(sums).totals).toMatchObject({ calls: 1, seconds: 6, images: 0, cost: (12n * USD) / 10n });
    expect(await store.wallets(['paid'])).toEqual([{ available: (88n * USD) / 10n, held: 0n }]);
  });

  it.each<[string, StatedOutcome, string]>([
    ['fails', failed, 'failed'],
    ['cannot be handed over', { ...failed, usage: { seconds: 8 }, usageSource: 'vendor' }, 'undelivered'],
    ['is cancelled before it has begun', { ...failed, ending: 'cancelled' }, 'cancelled-before-content'],
    ['was never priced', { ...made, usage: { images: 1 } }, 'no-price'],
  ])('that %s is free, leaves no row, and says why', async (name, outcome, rule) => {
    const hold = film(`free ${name}`, `free ${name}`);
    await fund(hold.accountId, 10n * USD);
    await admitHold(hold, ports);
    await settle(factOf(hold, outcome));
    expect(await receiptOf(hold)).toMatchObject({ rule, total: 0n, lines: [], protocol: 'tasks' });
    expect(await store.usage(usageQuery({ accountId: hold.accountId, limit: 5 }))).toEqual([]);
    expect(await store.wallets([hold.accountId])).toEqual([{ available: 10n * USD, held: 0n }]);
  });

  it('that is cancelled when its vendor bills a part costs that part', async () => {
    await fund('withdrawn', 10n * USD);
    const hold = film('withdrawn film', 'withdrawn');
    await admitHold(hold, ports);
    await settle(factOf(hold, { ...made, ending: 'cancelled', contentStarted: false, usage: { seconds: 3 } }));
    expect(await receiptOf(hold)).toMatchObject({ rule: 'cancelled-when-made', total: (12n * USD) / 10n });
  });

  it('takes its money from every cap for as long as it is open', async () => {
    await fund('capped', 100n * USD);
    const caps = [{ subject: 'key:key', span: 'life' as const, limit: 4n * USD }];
    const [first, second] = [film('capped 1', 'capped', { caps }), film('capped 2', 'capped', { caps })];
    await admitHold(first, ports);
    await expect(admitHold(second, ports)).rejects.toMatchObject({ kind: 'quota-exceeded' });
    await settle(factOf(first, failed));
    await admitHold(second, ports);
    await settle(factOf(second, made));
    expect(await store.standings([{ accountId: 'capped', caps }])).toMatchObject([
      { uses: [{ settled: (32n * USD) / 10n, held: 0n }] },
    ]);
  });
});

interface Asked {
  readonly seconds: number;
  readonly made: number;
  readonly at: 'film@1' | 'film-elsewhere@1';
  readonly ending: 'complete' | 'failed' | 'cancelled' | 'truncated' | 'never told';
  readonly twice: boolean;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  seconds: fc.integer({ min: 1, max: 12 }),
  made: fc.nat(16),
  at: fc.constantFrom('film@1', 'film-elsewhere@1'),
  ending: fc.constantFrom('complete', 'complete', 'failed', 'cancelled', 'truncated', 'never told'),
  twice: fc.boolean(),
});

describe('any renders of one wallet', () => {
  it('cost what was made of them at the prices of whoever made it, never more than was held, and lose no money', async () => {
    let runs = 0;
    const balances = fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 8 }), async (renders) => {
      const accountId = `any ${(runs += 1)}`;
      await fund(accountId, 12n * USD);
      const outcomes = await Promise.all(
        renders.map((render, at) => run(render, film(`${accountId} ${at}`, accountId))),
      );
      const [wallet] = await store.wallets([accountId]);
      const [paid, held] = [outcomes.map(({ paid }) => paid), outcomes.map(({ held }) => held)].map(sumOf);
      expect(wallet).toEqual({ available: 12n * USD - (paid ?? 0n) - (held ?? 0n), held });
    });
    await fc.assert(balances, { numRuns: 40 });
  });
});

const sumOf = (amounts: readonly NanoUsd[]): NanoUsd => amounts.reduce((sum, amount) => sum + amount, 0n);

/** Asks for a render, tells its end, and reckons by hand what that should have cost and left held. */
async function run(
  { seconds, made: got, at, ending, twice }: Asked,
  like: HoldRequest,
): Promise<{ readonly paid: NanoUsd; readonly held: NanoUsd }> {
  const hold = { ...like, units: { seconds } };
  const most = (BigInt(seconds) * 4n * USD) / 10n;
  const admitted = await admitHold(hold, ports).catch((error: unknown) => GatewayError.from(error).kind);
  if (admitted === 'insufficient-credit') return { paid: 0n, held: 0n };
  expect(admitted).toMatchObject({ amount: most });
  if (ending === 'never told') return { paid: 0n, held: most };
  const fact = factOf(hold, { ...made, ending, usage: { seconds: got } }, { priceVersion: at });
  await Promise.all([settle(fact), ...(twice ? [settle(fact)] : [])]);
  if (ending !== 'complete' && ending !== 'cancelled') return { paid: 0n, held: 0n };
  const cost = (BigInt(got) * (at === 'film@1' ? 4n : 2n) * USD) / 10n;
  return { paid: cost < most ? cost : most, held: 0n };
}
