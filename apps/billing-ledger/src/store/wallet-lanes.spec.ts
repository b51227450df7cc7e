import { inWalletLanes } from './wallet-lanes.js';

interface Ask {
  readonly accountId: string;
}

describe('lanes of locked wallets', () => {
  it('hold no more together than everybody may have waiting, and are free again when their wallets are', async () => {
    let unlock: () => void = () => undefined;
    const unlocked = new Promise<void>((resolve) => (unlock = resolve));
    const lanes = inWalletLanes<Ask, 'done'>({
      shared: { batchMax: 10, waitingMax: 2, lingerMs: () => 0, mayIsolate: () => false },
      commitUnlocked: async (items) => items.map(({ accountId }) => ({ kind: 'locked', accountId })),
      commit: async (items) => {
        await unlocked;
        return items.map(() => 'done' as const);
      },
      accountOf: ({ accountId }) => accountId,
      waitsMax: 2,
    });
    const first = lanes.submit({ accountId: 'a' });
    const second = lanes.submit({ accountId: 'b' });
    await new Promise(setImmediate);

    await expect(lanes.submit({ accountId: 'c' })).rejects.toMatchObject({ kind: 'unavailable' });

    unlock();
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
    expect(await lanes.submit({ accountId: 'c' })).toBe('done');
  });
});
