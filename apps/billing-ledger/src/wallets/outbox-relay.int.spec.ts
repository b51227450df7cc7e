import { randomUUID } from 'node:crypto';

import { createBus, type Bus } from '@bytespike/bus';
import { wallet, type WalletMovement } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { GatewayError } from '@bytespike/kernel';

import { createLedgerPool } from '../store/ledger-pool.js';
import { relayOutbox, type RelayPorts } from './outbox-relay.js';
import { PgWalletStore } from './pg-wallet-store.js';
import { refundOf, topUpOf } from '../testing/wallet-fixtures.js';

let database: TestDatabase;
let pool: Pool;
let store: PgWalletStore;
let bus: Bus;
const heard: WalletMovement[] = [];

/** Other suites use the same server, and JetStream remembers for minutes. */
const account = `acc ${randomUUID()}`;
const idOf = (at: number): string => `${account} ${at}`;

const newBus = (): Promise<Bus> => createBus({ name: 'outbox-test', natsUrl: process.env['TEST_NATS_URL'] ?? '' });

beforeAll(async () => {
  database = await withTestDatabase();
  pool = createLedgerPool(database.url, 4);
  store = new PgWalletStore(pool);
  bus = await newBus();
  for (const topic of [wallet.toppedUp, wallet.refunded])
    await bus.subscribe(topic, { mode: 'broadcast' }, async (facts) => {
      heard.push(...facts.filter(({ accountId }) => accountId === account));
    });
});
afterAll(async () => {
  await bus.drain();
  await pool.end();
  await database.drop();
});

const relay = (change: Partial<RelayPorts> = {}): Promise<number> =>
  relayOutbox({
    store,
    bus,
    onUnreadable: (row, why) => Promise.reject(new Error(row.subject, { cause: why })),
    ...change,
  });
const hearing = async (count: number): Promise<readonly string[]> => {
  while (heard.length < count) await new Promise(setImmediate);
  return heard.map(({ transactionId }) => transactionId);
};

describe('the relay of the outbox', () => {
  it('publishes in order what transactions have left, once, and waits for the bus', async () => {
    for (const at of [1, 2, 3]) await store.move(topUpOf(idOf(at), account, 10n, 1n));
    expect(await relay({ bus: { ...bus, connected: () => false } })).toBe(0);
    expect(await store.countWaiting()).toBe(3);
    expect(await relay()).toBe(3);
    expect(await store.countWaiting()).toBe(0);
    expect(await relay()).toBe(0);
    expect(await hearing(3)).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(heard[2]).toMatchObject({ accountId: account, amount: 11n, bonus: 1n, available: 33n, reason: 'top-up' });
  });

  it('goes on where the bus failed, and marks what was stored before', async () => {
    for (const at of [4, 5, 6]) await store.move(topUpOf(idOf(at), account, 10n, 0n));
    let taken = 0;
    const failing: RelayPorts['bus'] = {
      connected: () => true,
      publish: (topic, payload) => {
        taken += 1;
        return taken === 2
          ? Promise.reject(new GatewayError('unavailable', 'NATS is away'))
          : bus.publish(topic, payload);
      },
    };
    await expect(relay({ bus: failing })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await store.countWaiting()).toBe(2);
    expect(await relay()).toBe(2);
    expect(await hearing(6)).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
  });

  it('killed between publishing and marking, or run by several ledgers at once, is heard once', async () => {
    for (const at of [7, 8]) await store.move(topUpOf(idOf(at), account, 10n, 0n));
    const killed = {
      ...store,
      waitingFacts: store.waitingFacts.bind(store),
      markPublished: () => Promise.reject(new Error('killed')),
    };
    await expect(relay({ store: { ...killed, prunePublished: () => Promise.resolve(0) } })).rejects.toThrow('killed');
    await store.move(refundOf(idOf(9), account, 10n, 0n));
    // Each ledger has a connection of its own; facts that one connection states at once leave as one message.
    const others = await Promise.all([newBus(), newBus()]);
    await Promise.all([bus, ...others].map((one) => relay({ bus: one })));
    await Promise.all(others.map((one) => one.drain()));
    expect(await store.countWaiting()).toBe(0);
    expect([...(await hearing(9))].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(idOf));
  });

  it('reports a row that is no fact, and does not stop at it', async () => {
    await pool.query(
      `INSERT INTO ledger.outbox (subject, message_id, payload) VALUES ('wallet.v1.unheard-of', 'a', '{}'), ('wallet.v1.topped-up', 'b', '{"amount": 1}')`,
    );
    await store.move(topUpOf(idOf(10), account, 10n, 0n));
    const unreadable: string[] = [];
    await relay({ onUnreadable: ({ subject }) => unreadable.push(subject) });
    expect(unreadable).toEqual(['wallet.v1.unheard-of', 'wallet.v1.topped-up']);
    expect(await hearing(10)).toContain(idOf(10));
    expect(await store.countWaiting()).toBe(0);
  });

  it('forgets what was published long ago, and nothing that waits', async () => {
    await store.move(topUpOf(idOf(11), account, 10n, 0n));
    await pool.query(
      "UPDATE ledger.outbox SET published_at = published_at - interval '8 days' WHERE published_at IS NOT NULL",
    );
    await relay();
    expect((await pool.query('SELECT payload FROM ledger.outbox')).rowCount).toBe(1);
  });
});
