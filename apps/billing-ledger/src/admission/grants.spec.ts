import type { Cap } from '@bytespike/contracts';

import { voided } from '../domain/settlement.js';
import { AMOUNT, ledgerOver, RICH } from '../testing/busy-ledger.js';
import { holdOf, settledAt } from '../testing/ledger-fixtures.js';
import { GRANT_TIMES } from './grant-keeper.js';

describe('a busy key', () => {
  it('is admitted from a grant that the store holds back, with the wallet it has', async () => {
    const { ask, warm, grantHolds } = await ledgerOver(RICH);
    await warm();
    const admission = await ask('carved');
    expect(admission).toMatchObject({
      by: 'grant',
      carved: { amount: AMOUNT, grantId: grantHolds()[0]?.requestId },
    });
    expect(admission.by === 'grant' && admission.standing.wallet.available + admission.standing.wallet.held).toBe(RICH);
    expect(grantHolds()).toMatchObject([{ state: 'held', amount: 64n * AMOUNT }]);
  });

  it('pays what its requests cost and nothing for those that fail; their hold rows say so', async () => {
    const { ask, warm, grants, store } = await ledgerOver(RICH);
    await warm();
    await Promise.all([ask('paid'), ask('failed')]);
    const ends = [await grants.end(settledAt('paid', 4n)), await grants.end(voided('failed'))];
    expect(ends).toEqual([{ kind: 'ended' }, { kind: 'ended' }]);
    expect(store.holds.get('paid')).toMatchObject({ state: 'settled', charged: 4n });
    expect(store.holds.get('failed')).toMatchObject({ state: 'voided', charged: 0n });
    expect(await grants.end(settledAt('paid', 4n))).toEqual({ kind: 'repeated', state: 'settled' });
  });

  it('answers a repeat alike, and refuses another request under the same id', async () => {
    const { ask, warm, grants } = await ledgerOver(RICH);
    await warm();
    expect(await ask('carved')).toEqual(await ask('carved'));
    const other = { ...holdOf('carved', 'acc', AMOUNT), hashInput: () => 'another' };
    expect(() => grants.carve(other)).toThrow(expect.objectContaining({ kind: 'conflict' }));
  });

  it('tells a repeat of what is over that it is over, as the store does', async () => {
    const { ask, warm, grants } = await ledgerOver(RICH);
    await warm();
    await ask('carved');
    await grants.end(voided('carved'));
    expect(await ask('carved')).toEqual({ by: 'store', kind: 'known' });
  });

  it('gets a larger grant when half of one is taken, and the old one goes back with its last request', async () => {
    const { ask, warm, grants, grantHolds } = await ledgerOver(RICH);
    await warm();
    for (let at = 0; at < 33; at += 1) await ask(`open ${at}`);
    await new Promise(setImmediate);
    expect(grantHolds()).toMatchObject([
      { amount: 64n * AMOUNT, returned: 31n * AMOUNT },
      { amount: 128n * AMOUNT, state: 'held' },
    ]);
    for (let at = 0; at < 33; at += 1) await grants.end(voided(`open ${at}`));
    await grants.close();
    expect(grantHolds().map(({ state }) => state)).toEqual(['voided', 'voided']);
  });
});

describe('everybody else is admitted by the store:', () => {
  it('a key that asks now and then', async () => {
    const { ask, clock, grantHolds } = await ledgerOver(RICH);
    for (let at = 0; at < 20; at += 1) {
      clock.now += 50;
      expect((await ask(`slow ${at}`)).by).toBe('store');
    }
    expect(grantHolds()).toEqual([]);
  });

  it('an account near its limit, which gets just what it affords', async () => {
    const { ask, grantHolds } = await ledgerOver(20n * AMOUNT);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => ask(`poor ${at}`)));
    expect(answers.filter((answer) => answer.by === 'store' && answer.kind === 'admitted')).toHaveLength(20);
    expect(grantHolds()).toEqual([]);
  });
});

describe('under caps', () => {
  const cap = (limit: bigint, subject = 'key:key_1'): Cap => ({ subject, span: '5h', limit });

  it('a grant is taken against all of them, and shows them as last heard', async () => {
    const { ask, warm, grants, store, grantHolds } = await ledgerOver(RICH);
    const caps = [cap(100_000n), cap(100_000n, 'account')];
    await warm({ caps });
    const carved = await ask('carved', { caps });
    await grants.end(settledAt('carved', 4n));
    const next = await ask('next', { caps });
    expect([carved.by, next.by === 'grant' && next.standing.uses.map(({ settled }) => settled)]).toEqual([
      'grant',
      [4n, 4n],
    ]);
    expect(grantHolds()).toMatchObject([{ amount: 64n * AMOUNT, caps, carvedForMs: GRANT_TIMES.carveMs }]);
    const [standing] = await store.standings([{ accountId: 'acc', caps }]);
    expect(standing?.uses).toMatchObject([
      { settled: 4n, held: 72n * AMOUNT - 4n },
      { settled: 4n, held: 72n * AMOUNT - 4n },
    ]);
  });

  it('a grant is no more than an eighth of the least of them, and none is taken near one', async () => {
    const { warm, grantHolds } = await ledgerOver(RICH);
    await warm({ caps: [cap(100_000n), cap(8n * 64n * AMOUNT + 7n * AMOUNT, 'account')] });
    expect(grantHolds()).toEqual([]);
    const other = await ledgerOver(RICH);
    await other.warm({ caps: [cap(100_000n), cap(8n * 64n * AMOUNT + 8n * AMOUNT, 'account')] });
    expect(other.grantHolds()).toMatchObject([{ amount: 64n * AMOUNT }]);
  });

  it.each([
    { name: 'a limit that was lowered', like: { caps: [cap(99_999n)] } },
    { name: 'a cap that was set', like: { caps: [cap(100_000n), cap(100_000n, 'account')] } },
    { name: 'another model', like: { caps: [cap(100_000n)], model: 'dear' } },
    { name: 'another member', like: { caps: [cap(100_000n)], memberId: 'm' } },
  ])('nothing is carved for $name', async ({ like }) => {
    const { ask, warm } = await ledgerOver(RICH);
    await warm({ caps: [cap(100_000n)] });
    expect((await ask('alike', { caps: [cap(100_000n)] })).by).toBe('grant');
    expect((await ask('other', like)).by).toBe('store');
  });

  it('models have grants of their own, each against its own cap', async () => {
    const { ask, grantHolds } = await ledgerOver(RICH);
    const likes = ['cheap', 'dear'].map((model) => ({ model, caps: [cap(100_000n), cap(50_000n, `model:${model}`)] }));
    for (const like of likes) {
      for (let at = 0; at < 8; at += 1) await ask(`${like.model} ${at}`, like);
      await new Promise(setImmediate);
    }
    expect((await ask('one', likes[0])).by).toBe('grant');
    expect((await ask('two', likes[1])).by).toBe('grant');
    expect(grantHolds().map(({ model }) => model)).toEqual(['cheap', 'dear']);
  });

  it('the store is asked again as soon as a window has freed something', async () => {
    const { ask, warm, clock } = await ledgerOver(RICH);
    const caps = [cap(100_000n)];
    await warm({ caps });
    expect((await ask('before', { caps })).by).toBe('grant');
    clock.now = 5 * 3_600_000 + 300_000;
    expect((await ask('after', { caps })).by).toBe('store');
  });
});
