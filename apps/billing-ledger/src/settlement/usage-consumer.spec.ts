import { GatewayError } from '@bytespike/kernel';
import { readUnitPrices } from '@bytespike/pricing';

import { createLedgerGroups } from '../store/ledger-groups.js';
import { expired, type Settlement, type UsageLine } from '../domain/settlement.js';
import { factOf, holdOf } from '../testing/ledger-fixtures.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { settleFacts, type FactResult } from './usage-consumer.js';

/** 1 USD per million input, 10 per million output. */
const prices = {
  find: (id: string | undefined) => Promise.resolve(id ? readUnitPrices({ input: '1', output: '10' }) : undefined),
};
const COST = 2_000_000n;

async function settled(
  store: MemoryLedgerStore,
  facts: Parameters<typeof settleFacts>[0],
): Promise<readonly FactResult[]> {
  const results: FactResult[] = [];
  await settleFacts(facts, {
    prices,
    end: createLedgerGroups(store).ends.submit,
    observe: (result) => results.push(result),
  });
  return results;
}

async function storeWithHold(): Promise<MemoryLedgerStore> {
  const store = new MemoryLedgerStore();
  await store.credit({ transactionId: 't', accountId: 'acc_1', amount: 10_000_000n, reason: 'test', actor: 'test' });
  await store.hold([holdOf('request', 'acc_1', 5_000_000n)]);
  return store;
}

const { outcome } = factOf('request');

describe('a usage fact', () => {
  it('settles its hold at what it cost', async () => {
    const store = await storeWithHold();
    expect(await settled(store, [factOf('request')])).toEqual(['settled']);
    expect([store.paid.get('request'), store.accounts.get('acc_1')]).toEqual([
      COST,
      { available: 8_000_000n, held: 0n },
    ]);
  });

  it('says what it billed, once', async () => {
    const store = await storeWithHold();
    const billed: unknown[] = [];
    const ports = { prices, end: createLedgerGroups(store).ends.submit };
    const observe = (_result: FactResult, _fact: unknown, line: UsageLine | undefined) => billed.push(line?.units);
    for (let times = 0; times < 2; times += 1) await settleFacts([factOf('request')], { ...ports, observe });
    expect(billed).toEqual([outcome.usage, undefined]);
  });

  it('voids the hold of a failure, which leaves no row', async () => {
    const store = await storeWithHold();
    const failed = factOf('request', { outcome: { ...outcome, ending: 'failed', contentStarted: false } });
    expect(await settled(store, [failed])).toEqual(['voided']);
    expect([store.paid.size, store.accounts.get('acc_1')]).toEqual([0, { available: 10_000_000n, held: 0n }]);
  });

  it.each([
    ['usage that does not reconcile', { outcome: { ...outcome, quarantined: true } }, 'quarantined'],
    ['a price that was never sold', { priceVersion: undefined }, 'no-price'],
  ])('goes to an operator, free, with %s', async (_name, change, reason) => {
    const store = await storeWithHold();
    expect(await settled(store, [factOf('request', change)])).toEqual(['quarantined']);
    expect([store.quarantined.get('request'), store.accounts.get('acc_1')?.available]).toEqual([reason, 10_000_000n]);
  });

  it('changes nothing when it comes again', async () => {
    const store = await storeWithHold();
    await settled(store, [factOf('request')]);
    expect(await settled(store, [factOf('request')])).toEqual(['repeated']);
    expect(store.accounts.get('acc_1')?.available).toBe(8_000_000n);
  });

  it('is told apart when its hold had lapsed, never was, or was never needed', async () => {
    const store = await storeWithHold();
    await store.end([expired('request')]);
    const facts = [factOf('request'), factOf('unheard of'), factOf('counted', { operation: 'count' })];
    expect([...(await settled(store, facts))].sort()).toEqual(['free', 'late', 'unknown']);
  });

  it('is no alarm when nothing ran, and its hold had lapsed or never was', async () => {
    const store = await storeWithHold();
    await store.end([expired('request')]);
    const failed = { outcome: { ...outcome, ending: 'failed', contentStarted: false } } as const;
    const facts = [factOf('request', failed), factOf('refused without an answer', failed)];
    expect([...(await settled(store, facts))].sort()).toEqual(['repeated', 'unheld']);
  });

  it('comes again when the store cannot answer', async () => {
    const store = await storeWithHold();
    store.end = () => Promise.reject(new GatewayError('unavailable', 'down'));
    await expect(settled(store, [factOf('request')])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is charged when the store refuses it once and takes it the next time', async () => {
    const store = await storeWithHold();
    const end = store.end.bind(store);
    let refusals = 0;
    store.end = (items) => ((refusals += 1) === 1 ? Promise.reject(new Error('deadlock detected')) : end(items));
    expect([await settled(store, [factOf('request')]), store.paid.get('request')]).toEqual([['settled'], COST]);
  });

  it('does not hold up the others when the store refuses it alone', async () => {
    const store = await storeWithHold();
    await store.hold([holdOf('other', 'acc_1', 5_000_000n)]);
    const end = store.end.bind(store);
    const refuses = ({ requestId, usage }: Settlement): boolean => requestId === 'request' && usage !== undefined;
    store.end = (items) => (items.some(refuses) ? Promise.reject(new Error('unstorable')) : end(items));
    const results = await settled(store, [factOf('request'), factOf('other')]);
    expect([[...results].sort(), store.quarantined.get('request'), store.paid.get('other')]).toEqual([
      ['quarantined', 'settled'],
      'unstorable',
      COST,
    ]);
  });
});
