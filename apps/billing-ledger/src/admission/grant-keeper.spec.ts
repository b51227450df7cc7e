import { expired } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { HoldResult } from '../store/ledger-store.js';
import { AMOUNT, ledgerOver, RICH } from '../testing/busy-ledger.js';
import { grantsOver } from '../testing/grants-over.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { GRANT_TIMES } from './grant-keeper.js';

describe('a grant goes back', () => {
  it('when nobody asks any more', async () => {
    const { ask, warm, clock, grants, grantHolds, store } = await ledgerOver(RICH);
    await warm();
    await ask('last');
    await grants.end(settledAt('last', 4n));
    clock.now += GRANT_TIMES.idleMs;
    await grants.round();
    await grants.close();
    expect(grantHolds()).toMatchObject([{ state: 'voided', drawn: 4n }]);
    // Of the eight that were admitted by the store nobody has said how they ended.
    expect(store.accounts.get('acc')).toEqual({ available: RICH - 4n - 8n * AMOUNT, held: 8n * AMOUNT });
  });

  it('when somebody else is refused, except for what is open', async () => {
    const { ask, warm, grants, store } = await ledgerOver(RICH);
    await warm();
    await ask('open');
    expect([await grants.giveBack('acc'), await grants.giveBack('acc')]).toEqual([true, false]);
    expect(store.accounts.get('acc')?.held).toBe(9n * AMOUNT);
    expect((await ask('next')).by).toBe('store');
  });

  it('by lapsing, when its ledger has died: another one settles what it admitted', async () => {
    const { ask, warm, grants, store, grantHolds } = await ledgerOver(RICH);
    await warm();
    const paid = await ask('paid');
    await ask('unheard of');
    const carved = paid.by === 'grant' ? paid.carved : undefined;
    const other = grantsOver(store).grants;
    expect(await other.end({ ...settledAt('paid', 4n), carved })).toEqual({ kind: 'ended' });
    const [grantHold] = grantHolds();
    await store.end([{ requestId: grantHold?.requestId ?? '', state: 'expired', cost: 0n }]);
    expect(store.accounts.get('acc')).toEqual({ available: RICH - 4n - 8n * AMOUNT, held: 8n * AMOUNT });
    expect(
      await other.end({ ...settledAt('unheard of', 4n), carved: { ...carved!, grantId: grantHold!.requestId } }),
    ).toEqual({
      kind: 'repeated',
      state: 'expired',
    });
    await grants.close();
  });

  it('knows of ends that another ledger was told', async () => {
    const { ask, warm, grants, store, clock, grantHolds } = await ledgerOver(RICH);
    await warm();
    const paid = await ask('paid');
    await grantsOver(store).grants.end({
      ...settledAt('paid', 4n),
      carved: paid.by === 'grant' ? paid.carved : undefined,
    });
    clock.now += GRANT_TIMES.unheardMs + 1;
    await grants.round();
    await grants.close();
    expect(grantHolds()).toMatchObject([{ state: 'voided', drawn: 4n }]);
  });

  it('less what another ledger has charged to it, also when this one took the request for an orphan', async () => {
    const { ask, warm, grants, store } = await ledgerOver(RICH);
    await warm();
    const paid = await ask('paid');
    const carved = paid.by === 'grant' ? paid.carved : undefined;
    await grantsOver(store).grants.end({ ...settledAt('paid', 4n), carved });
    expect(await grants.end(expired('paid'))).toEqual({ kind: 'repeated', state: 'settled' });
    const admitted = Array.from({ length: 64 }, (_, at) =>
      grants.carve({ ...holdOf(`next ${at}`, 'acc', AMOUNT), expiresAt: 60_000 }),
    );
    expect(admitted.filter((one) => one?.carved.grantId === carved?.grantId)).toHaveLength(63);
  });
});

/** A store that decides about grants when the test lets it. */
class SlowOverGrants extends MemoryLedgerStore {
  private tellAsked: () => void = () => undefined;
  /** Resolves when it was asked for one. */
  readonly isAsked = new Promise<void>((resolve) => (this.tellAsked = resolve));
  decide: () => void = () => undefined;
  private readonly decided = new Promise<void>((resolve) => (this.decide = resolve));

  override async hold(items: readonly SizedHold[]): Promise<readonly HoldResult[]> {
    if (items.some(({ basis }) => basis === 'grant')) {
      this.tellAsked();
      await this.decided;
    }
    return super.hold(items);
  }
}

describe('a grant that the store decides about slowly', () => {
  it('goes back all the same, when somebody is refused in the meantime', async () => {
    const store = new SlowOverGrants();
    const { warm, grants, grantHolds } = await ledgerOver(RICH, store);
    const warming = warm();
    await store.isAsked;
    const given = grants.giveBack('acc');
    await new Promise(setImmediate);
    store.decide();
    expect(await given).toBe(true);
    await warming;
    expect(grantHolds()).toMatchObject([{ state: 'voided' }]);
    expect(store.accounts.get('acc')?.held).toBe(8n * AMOUNT);
  });

  it('is not taken for idle before it has come', async () => {
    const store = new SlowOverGrants();
    const { ask, warm, clock, grants, grantHolds } = await ledgerOver(RICH, store);
    const warming = warm();
    await store.isAsked;
    clock.now += GRANT_TIMES.idleMs;
    await grants.round();
    await new Promise(setImmediate);
    store.decide();
    await warming;
    expect((await ask('carved')).by).toBe('grant');
    expect(grantHolds()).toMatchObject([{ state: 'held' }]);
  });

  it('is not left behind by a ledger that goes down', async () => {
    const store = new SlowOverGrants();
    const { warm, grants, grantHolds } = await ledgerOver(RICH, store);
    const warming = warm();
    await store.isAsked;
    const closed = grants.close();
    await new Promise(setImmediate);
    store.decide();
    await Promise.all([closed, warming]);
    expect(grantHolds()).toMatchObject([{ state: 'voided' }]);
  });
});
