import type { Settlement } from '../domain/settlement.js';
import { createLedgerGroups } from '../store/ledger-groups.js';
import { holdOf } from '../testing/ledger-fixtures.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { MemoryOrphanStore } from '../testing/memory-orphan-store.js';
import { ExpirySweeper } from './expiry-sweeper.js';

const MINUTE = 60_000;

/**
 * A sweeper over holds that expire at minutes 10, 20 and 60, of which the last is reported by another process. Its clock and
 * its queue are in the test's hands; what it ends is listed.
 */
async function sweeperAt(
  start: number,
  {
    carved = new Map(),
    everyMs = 60 * MINUTE,
  }: { carved?: ReadonlyMap<string, readonly string[]>; everyMs?: number } = {},
) {
  const store = new MemoryLedgerStore();
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n, reason: 'test', actor: 'test' });
  await store.hold([
    { ...holdOf('early', 'acc', 1n), expiresAt: 10 * MINUTE },
    { ...holdOf('late', 'acc', 1n), expiresAt: 20 * MINUTE },
    { ...holdOf('of another', 'acc', 1n), reporter: 'other', expiresAt: 60 * MINUTE },
  ]);
  const world: { now: number; handledUntil: number | undefined; aheadMs: number } = {
    ...{ now: start, handledUntil: start },
    /** By how much the clock of this ledger is ahead of the store's. */
    aheadMs: 0,
  };
  const orphans = new MemoryOrphanStore(store, () => world.now);
  const { ends } = createLedgerGroups(store);
  const asked: string[] = [];
  const end = (settlement: Settlement) => {
    asked.push(settlement.requestId);
    return ends.submit(settlement);
  };
  const sweeper = new ExpirySweeper({
    store,
    orphans,
    grants: { openByReporter: () => carved, end },
    queue: { handledUntil: () => Promise.resolve(world.handledUntil) },
    now: () => world.now + world.aheadMs,
    everyMs,
    settlingInMs: 2 * MINUTE,
    orphanAfterMs: 3 * MINUTE,
  });
  const open = (): readonly string[] =>
    [...store.holds.values()].filter(({ state }) => state === 'held').map(({ requestId }) => requestId);
  const sweepAt = async (minute: number, handledUntilMinute: number | undefined): Promise<number> => {
    world.now = minute * MINUTE;
    world.handledUntil = handledUntilMinute === undefined ? undefined : handledUntilMinute * MINUTE + world.aheadMs;
    const { lapsed, orphaned } = await sweeper.sweep();
    return lapsed + orphaned;
  };
  const seenAt = (minute: number, reporter: string): Promise<void> => {
    world.now = minute * MINUTE;
    return orphans.seen(reporter, 0);
  };
  return { store, world, open, asked, sweepAt, seenAt };
}

describe('the expiry sweeper', () => {
  it('voids what is overdue and nothing else, once the queue has answered for two minutes', async () => {
    const { open, sweepAt } = await sweeperAt(0);
    expect([await sweepAt(15, 15), await sweepAt(16, 16), await sweepAt(17, 17)]).toEqual([0, 0, 1]);
    expect(open()).toEqual(['late', 'of another']);
  });

  it('waits while a settlement that was stored before the expiry may still be queued', async () => {
    const { open, sweepAt } = await sweeperAt(0);
    await sweepAt(15, 5);
    expect([await sweepAt(59, 9), open()]).toEqual([0, ['early', 'late', 'of another']]);
    expect([await sweepAt(59, 12), open()]).toEqual([1, ['late', 'of another']]);
  });

  it('begins its two minutes anew when the queue was away', async () => {
    const { sweepAt } = await sweeperAt(0);
    await sweepAt(15, 15);
    expect([await sweepAt(30, undefined), await sweepAt(31, 31), await sweepAt(33, 33)]).toEqual([0, 0, 2]);
  });

  it('begins its two minutes anew when the store was away', async () => {
    const { store, sweepAt } = await sweeperAt(0);
    await sweepAt(15, 15);
    const { overdueHolds } = store;
    store.overdueHolds = () => Promise.reject(new Error('down'));
    await expect(sweepAt(30, 30)).rejects.toThrow('down');
    store.overdueHolds = overdueHolds;
    expect([await sweepAt(31, 31), await sweepAt(33, 33)]).toEqual([0, 2]);
  });
});

describe('an orphan', () => {
  it('lapses when its reporter was not heard for three minutes, long before its time is over', async () => {
    const { open, seenAt, sweepAt } = await sweeperAt(0);
    await seenAt(1, 'other');
    await seenAt(1, 'reporter_1');
    await sweepAt(1, 1);
    await seenAt(4, 'reporter_1');
    expect([await sweepAt(4, 4), await sweepAt(5, 5)]).toEqual([0, 1]);
    expect(open()).toEqual(['early', 'late']);
  });

  it('is none while a fact may be queued that its reporter stored with its last breath', async () => {
    const { seenAt, sweepAt } = await sweeperAt(0);
    await seenAt(1, 'other');
    await sweepAt(1, 1);
    expect([await sweepAt(9, 3), await sweepAt(9, 5)]).toEqual([0, 1]);
  });

  it('is none when it was us who could not hear: nobody was heard while the store was away', async () => {
    const { open, seenAt, sweepAt } = await sweeperAt(0);
    await seenAt(1, 'other');
    await sweepAt(1, 1);
    await sweepAt(5, undefined);
    await sweepAt(8, 8);
    await seenAt(9, 'other');
    await sweepAt(11, 11);
    expect(open()).toContain('of another');
  });

  it('is none when it was us who stood still: nobody was heard by a process that was stopped', async () => {
    const { open, seenAt, sweepAt } = await sweeperAt(0, { everyMs: MINUTE });
    for (const minute of [1, 2, 3, 4, 5]) {
      await seenAt(minute, 'other');
      await sweepAt(minute, minute);
    }
    expect(await sweepAt(9, 9)).toBe(0);
    await seenAt(9, 'other');
    for (const minute of [10, 11, 12]) await sweepAt(minute, minute);
    expect(open()).toContain('of another');
  });

  it('is none because our clock is ahead of the one by which reporters are heard', async () => {
    const { world, open, seenAt, sweepAt } = await sweeperAt(0);
    world.aheadMs = 5 * MINUTE;
    await sweepAt(1, 1);
    await seenAt(4, 'other');
    expect([await sweepAt(4, 4), open()]).toEqual([0, ['early', 'late', 'of another']]);
    await sweepAt(8, 8);
    expect(open()).toEqual(['late']);
  });

  it('is none when nobody has ever heard of its reporter', async () => {
    const { sweepAt } = await sweeperAt(0);
    await sweepAt(1, 1);
    expect(await sweepAt(9, 9)).toBe(0);
  });

  it('was carved from a grant of this ledger, and is ended by its own id', async () => {
    const carved = new Map([
      ['other', ['carved for a dead one']],
      ['reporter_1', ['carved for one that lives']],
    ]);
    const { asked, seenAt, sweepAt } = await sweeperAt(0, { carved });
    await seenAt(1, 'other');
    await sweepAt(1, 1);
    await seenAt(5, 'reporter_1');
    await sweepAt(5, 5);
    expect(asked).toEqual(['carved for a dead one', 'of another']);
  });
});
