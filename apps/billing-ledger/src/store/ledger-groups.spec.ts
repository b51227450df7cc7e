import { holdOf } from '../testing/ledger-fixtures.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { createLedgerGroups } from './ledger-groups.js';

const FLOOD = 6_000;

describe('an account that asks for more holds than can be decided', () => {
  it('is told so, and others are admitted', async () => {
    const store = new MemoryLedgerStore();
    for (const accountId of ['flood', 'other'])
      await store.credit({ transactionId: accountId, accountId, amount: 10_000n, reason: 'test', actor: 'test' });
    const { holds } = createLedgerGroups(store);
    const floods = Array.from({ length: FLOOD }, (_, at) => holds.submit(holdOf(`flood ${at}`, 'flood', 1n)));
    const other = holds.submit(holdOf('other', 'other', 1n));
    const told = await Promise.allSettled(floods);
    expect(await other).toMatchObject({ kind: 'admitted' });
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(2_500);
    expect(told.at(-1)).toMatchObject({ status: 'rejected', reason: { kind: 'concurrency', retryAfterMs: 1_000 } });
  });
});
