import { randomUUID } from 'node:crypto';

import { createBus, type Bus } from '@bytespike/bus';
import { createLocalBus } from '@bytespike/bus/testing';
import { billing, configuration } from '@bytespike/contracts';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import type { RunningService } from '@bytespike/service';
import { createLogger } from '@bytespike/telemetry';

import { createLedgerPool } from './store/ledger-pool.js';
import { billingLedger } from './service.js';
import { factOf } from './testing/ledger-fixtures.js';
import { verifyLedger } from './verify/verify-ledger.js';

const logger = createLogger({ service: 'billing-ledger-test', level: 'silent' });
const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };

const catalogue = {
  prices: [
    {
      id: 'model@1',
      model: 'model',
      usdPerMillion: { input: '1', output: '10' },
      status: 'listed',
      effectiveFrom: '2026-01-01',
    },
  ],
};

/** JetStream remembers ids for minutes, and other suites use the same server. */
const uniqueId = (name: string): string => `${name} ${randomUUID()}`;

const request = {
  requestId: 'request',
  accountId: 'acc_1',
  keyId: 'key_1',
  operation: 'generate' as const,
  model: 'claude-sonnet-4-6',
  caps: [],
  reporter: 'reporter-1',
  priceVersions: ['model@1'],
  inputTokensUpperBound: 1_200,
  maxOutputTokens: 500,
  modelMaxOutputTokens: 8_000,
  stream: false,
  deadline: Date.now() + 60_000,
};

const buses: readonly [string, () => Promise<Bus>][] = [
  ['in memory', async () => createLocalBus()],
  ['over NATS', () => createBus({ name: 'billing-ledger-test', natsUrl: process.env['TEST_NATS_URL'] ?? '' })],
];

describe.each(buses)('the ledger on the bus, %s', (_name, makeBus) => {
  let database: TestDatabase;
  let bus: Bus;
  let service: RunningService;

  beforeAll(async () => {
    database = await withTestDatabase();
    bus = await makeBus();
    await bus.serve(configuration, {
      snapshot: async () => ({ version: 1, catalogue }),
      credentials: async () => ({ credentials: [] }),
    });
    const environment = { DATABASE_URL: database.url, LEDGER_SETTLE_LINGER_MS: '1' };
    service = await billingLedger.start({ environment, bus, logger });
  });
  afterAll(async () => {
    await service.drain(5_000);
    await bus.drain();
    await database.drop();
  });

  it('carries a wallet through credit, hold, settlement and its usage row', async () => {
    const ledger = bus.client(billing);
    const credit = { transactionId: 't', accountId: 'acc_1', amount: 50_000_000n, reason: 'test', actor: 'test' };
    await ledger.credit(credit, context);
    const requestId = uniqueId('request');
    const hold = await ledger.hold({ ...request, requestId }, context);
    expect(hold).toMatchObject({ amount: 6_200_000n, accounting: { walletRemaining: 50_000_000n } });
    expect(await ledger.balance({ accountId: 'acc_1' }, context)).toEqual({ available: 43_800_000n, held: 6_200_000n });

    await bus.publish(billing.usage, factOf(requestId));
    await allFactsHandled(bus);
    expect(await ledger.balance({ accountId: 'acc_1' }, context)).toEqual({ available: 48_000_000n, held: 0n });
    expect(await ledger.accounting({ accountId: 'acc_1', keyId: 'key_1', caps: [] }, context)).toEqual({
      walletRemaining: 48_000_000n,
      windows: [],
    });
    expect(await ledger.listUsage({ accountId: 'acc_1', limit: 10 }, context)).toMatchObject({
      rows: [{ requestId, cost: 2_000_000n, ending: 'complete', tokens: { input: 1_000, output: 100 } }],
    });
  });

  it('refuses in words what the wallet does not cover, and a transaction id used for something else', async () => {
    const ledger = bus.client(billing);
    const poor = { ...request, requestId: 'poor', accountId: 'acc_2' };
    await expect(ledger.hold(poor, context)).rejects.toMatchObject({ kind: 'insufficient-credit' });
    const credit = { transactionId: 't', accountId: 'acc_2', amount: 1n, reason: 'test', actor: 'test' };
    await expect(ledger.credit(credit, context)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(ledger.credit({ ...credit, amount: 0n }, context)).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  it('admits up to a window of the key, says when it frees, and shows what is settled', async () => {
    const ledger = bus.client(billing);
    const accountId = 'acc_5';
    await ledger.credit({ transactionId: 'w', accountId, amount: 50_000_000n, reason: 'test', actor: 'test' }, context);
    const caps = [{ subject: 'key:key_1', span: '5h' as const, limit: 7_000_000n }];
    const requestId = uniqueId('window');
    await ledger.hold({ ...request, requestId, accountId, caps }, context);
    const running = ledger.hold({ ...request, requestId: uniqueId('running'), accountId, caps }, context);
    await expect(running).rejects.toMatchObject({ kind: 'spend-window', retryAfterMs: 1_000 });

    await bus.publish(billing.usage, factOf(requestId, { accountId }));
    await allFactsHandled(bus);
    const spent = ledger.hold({ ...request, requestId: uniqueId('spent'), accountId, caps }, context);
    const shown = { window: '5h', limit: 7_000_000n, remaining: 5_000_000n };
    await expect(spent).rejects.toMatchObject({
      kind: 'spend-window',
      details: { limit: { subject: 'key', span: '5h', limit_usd: '0.007', remaining_usd: '0.005' } },
    });
    const { windows } = await ledger.accounting({ accountId, keyId: 'key_1', caps }, context);
    expect(windows).toMatchObject([shown]);
    // A bucket of five minutes leaves five hours after its end.
    expect((windows[0]?.resetAt ?? 0) * 1_000 - Date.now()).toBeGreaterThanOrEqual(5 * 3_600_000 - 60_000);
  });

  it('pages usage newest first, without a gap or a repeat', async () => {
    const ledger = bus.client(billing);
    await ledger.credit(
      { transactionId: 'p', accountId: 'acc_3', amount: 10n ** 9n, reason: 'test', actor: 't' },
      context,
    );
    const ids = Array.from({ length: 7 }, () => uniqueId('page'));
    for (const requestId of ids) {
      await ledger.hold({ ...request, requestId, accountId: 'acc_3' }, context);
      await bus.publish(billing.usage, factOf(requestId, { accountId: 'acc_3' }));
    }
    await allFactsHandled(bus);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ledger.listUsage({ accountId: 'acc_3', limit: 3, cursor }, context);
      seen.push(...page.rows.map(({ requestId }) => requestId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect([new Set(seen), seen.length]).toEqual([new Set(ids), 7]);
  });

  it('admits a busy key from memory, and is back at rest when nobody asks any more', async () => {
    const ledger = bus.client(billing);
    const accountId = 'acc_4';
    const credit = { transactionId: 'b', accountId, amount: 10n ** 12n, reason: 'test', actor: 'test' };
    await ledger.credit(credit, context);
    const ids: string[] = [];
    const once = async (): Promise<boolean> => {
      const requestId = uniqueId('busy');
      ids.push(requestId);
      const { carved, accounting } = await ledger.hold({ ...request, requestId, accountId }, context);
      expect(accounting.walletRemaining <= credit.amount).toBe(true);
      await bus.publish(billing.usage, factOf(requestId, { accountId, ...(carved && { carved }) }));
      return carved !== undefined;
    };
    // Ten at once are busy; how soon a grant follows is the machine's affair.
    while (!(await Promise.all(Array.from({ length: 10 }, once))).includes(true));
    await allFactsHandled(bus);
    const spent = BigInt(ids.length) * 2_000_000n;
    for (;;) {
      const { available, held } = await ledger.balance({ accountId }, context);
      expect(available + held).toBe(credit.amount - spent);
      if (held === 0n) break;
    }
    const { rows } = await ledger.listUsage({ accountId, limit: 200 }, context);
    expect(rows.map(({ requestId }) => requestId).sort()).toEqual([...ids].sort());
  });

  it('leaves a book that balances', async () => {
    const pool = createLedgerPool(database.url, 1);
    const broken = (await verifyLedger(pool)).filter(({ violations }) => violations > 0);
    await pool.end();
    expect(broken).toEqual([]);
  });
});

describe('the ledger alone', () => {
  it('does not start without its environment', async () => {
    const started = billingLedger.start({ environment: {}, bus: createLocalBus(), logger });
    await expect(started).rejects.toThrow(/DATABASE_URL/);
  });

  it('says unavailable when the store is gone', async () => {
    const lost = await withTestDatabase();
    const lonely = createLocalBus();
    const running = await billingLedger.start({ environment: { DATABASE_URL: lost.url }, bus: lonely, logger });
    await lost.drop();
    const answer = await lonely
      .client(billing)
      .balance({ accountId: 'acc_1' }, context)
      .catch((error: unknown) => error);
    await running.drain(1_000);
    await lonely.drain();
    expect(answer).toMatchObject({ kind: 'unavailable' });
  });
});

/** Waits until every fact published so far has been handled: stored before now, and now is in the past. */
async function allFactsHandled(bus: Bus): Promise<void> {
  const now = Date.now();
  while ((await bus.handledUntil(billing.usage)) <= now) await new Promise(setImmediate);
}
