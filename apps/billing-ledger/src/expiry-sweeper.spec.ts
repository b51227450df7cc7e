import { ExpirySweeper } from './expiry-sweeper.js';
import { createLedgerGroups } from './ledger-groups.js';
import { holdOf } from './testing/ledger-fixtures.js';
import { MemoryLedgerStore } from './testing/memory-ledger-store.js';

const MINUTE = 60_000;

/** A sweeper over two holds, which expire at minutes 10 and 20, with a clock and a queue in the test's hands. */
async function sweeperAt(start: number) {
  const store = new MemoryLedgerStore();
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n, reason: 'test', actor: 'test' });
  await store.hold([
    { ...holdOf('early', 'acc', 1n), expiresAt: 10 * MINUTE },
    { ...holdOf('late', 'acc', 1n), expiresAt: 20 * MINUTE },
  ]);
  const world: { now: number; handledUntil: number | undefined } = { now: start, handledUntil: start };
  const sweeper = new ExpirySweeper({
    store,
    ends: createLedgerGroups(store, 0).ends,
    queue: { handledUntil: () => Promise.resolve(world.handledUntil) },
    now: () => world.now,
    settlingInMs: 2 * MINUTE,
  });
  const open = (): readonly string[] =>
    [...store.holds.values()].filter(({ state }) => state === 'held').map(({ requestId }) => requestId);
  const sweepAt = (minute: number, handledUntilMinute: number | undefined): Promise<number> => {
    world.now = minute * MINUTE;
    world.handledUntil = handledUntilMinute === undefined ? undefined : handledUntilMinute * MINUTE;
    return sweeper.sweep();
  };
  return { open, sweepAt };
}

describe('the expiry sweeper', () => {
  it('voids what is overdue and nothing else, once the queue has answered for two minutes', async () => {
    const { open, sweepAt } = await sweeperAt(0);
    expect([await sweepAt(15, 15), await sweepAt(16, 16), await sweepAt(17, 17)]).toEqual([0, 0, 1]);
    expect(open()).toEqual(['late']);
  });

  it('waits while a settlement that was stored before the expiry may still be queued', async () => {
    const { open, sweepAt } = await sweeperAt(0);
    await sweepAt(15, 5);
    expect([await sweepAt(60, 9), open()]).toEqual([0, ['early', 'late']]);
    expect([await sweepAt(61, 12), open()]).toEqual([1, ['late']]);
  });

  it('begins its two minutes anew when the queue was away', async () => {
    const { sweepAt } = await sweeperAt(0);
    await sweepAt(15, 15);
    expect([await sweepAt(30, undefined), await sweepAt(31, 31), await sweepAt(33, 33)]).toEqual([0, 0, 2]);
  });
});
