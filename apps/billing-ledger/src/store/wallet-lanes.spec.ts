import type { Locked } from './ledger-store.js';
import { inWalletLanes } from './wallet-lanes.js';

interface Item {
  readonly name: string;
  readonly accountId: string;
}

const of = (accountId: string, ...names: readonly string[]): Item[] => names.map((name) => ({ name, accountId }));

/** A store in which one wallet is locked until the test frees it; everything is written down in the order of its asking. */
function storeWithLocked(accountId: string) {
  const asked: string[] = [];
  let free: () => void = () => undefined;
  const isFree = new Promise<void>((resolve) => (free = resolve));
  const told = (items: readonly Item[]): string => items.map(({ name }) => name).join(' ');
  const lanes = inWalletLanes<Item, string>({
    shared: { batchMax: 3, waitingMax: 100, lingerMs: () => 0, mayIsolate: () => false },
    commitUnlocked: (items) => {
      asked.push(`all: ${told(items)}`);
      return Promise.resolve(
        items.map((item): string | Locked =>
          item.accountId === accountId ? { kind: 'locked', accountId } : item.name,
        ),
      );
    },
    commit: async (items) => {
      asked.push(`waiting: ${told(items)}`);
      await isFree;
      return items.map(({ name }) => name);
    },
    accountOf: (item) => item.accountId,
    waitsMax: 1,
  });
  return { asked, lanes, free };
}

describe('what needs a wallet that is locked', () => {
  it('is found out once, whatever was asked before that', async () => {
    const { asked, lanes, free } = storeWithLocked('b');
    const needing = of('b', 'b1', 'b2', 'b3', 'b4', 'b5').map(lanes.submit);
    expect(await Promise.all(of('a', 'a1', 'a2').map(lanes.submit))).toEqual(['a1', 'a2']);
    free();
    expect(await Promise.all(needing)).toEqual(['b1', 'b2', 'b3', 'b4', 'b5']);
    expect(asked.filter((one) => one.startsWith('all'))).toEqual(['all: b1 b2 b3', 'all: a1', 'all: a2']);
  });

  it('is asked for with all others again, when nothing waits for it any more', async () => {
    const { asked, lanes, free } = storeWithLocked('b');
    const [first] = of('b', 'b1').map(lanes.submit);
    free();
    await first;
    await lanes.settled();
    await Promise.all(of('b', 'b2').map(lanes.submit));
    expect(asked).toEqual(['all: b1', 'waiting: b1', 'all: b2', 'waiting: b2']);
  });

  it('fails by itself when its wallet does not come', async () => {
    const lanes = inWalletLanes<Item, string>({
      shared: { batchMax: 3, waitingMax: 100, lingerMs: () => 0, mayIsolate: () => false },
      commitUnlocked: (items) =>
        Promise.resolve(
          items.map(({ name, accountId }) => (accountId === 'b' ? { kind: 'locked' as const, accountId } : name)),
        ),
      commit: () => Promise.reject(new Error('in vain')),
      accountOf: () => undefined,
      waitsMax: 1,
    });
    const told = await Promise.allSettled([...of('a', 'a1'), ...of('b', 'b1'), ...of('c', 'c1')].map(lanes.submit));
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
