import { expired } from '../domain/settlement.js';
import { holdOf } from '../testing/ledger-fixtures.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { MemoryOrphanStore } from '../testing/memory-orphan-store.js';
import { recoveryHandlers } from './recovery.handlers.js';

const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };

/** A ledger with an open hold and an ended one, a request that was carved here, and one whose end another ledger was told. */
async function ledger(handledUntil: number | undefined) {
  const store = new MemoryLedgerStore();
  await store.credit({ transactionId: 't', accountId: 'acc', amount: 10n, reason: 'test', actor: 'test' });
  await store.hold([holdOf('open', 'acc', 1n), holdOf('ended', 'acc', 1n)]);
  await store.end([expired('ended')]);
  const orphans = new MemoryOrphanStore(store, () => 1_000);
  const handlers = recoveryHandlers({
    orphans,
    grants: { holds: (requestId) => requestId === 'carved here' || requestId === 'ended' },
    queue: { handledUntil: () => Promise.resolve(handledUntil) },
    heartbeatMs: 10_000,
  });
  return { orphans, handlers };
}

describe('those who report how requests end', () => {
  it('are remembered when they say that they live, and told when to say so again', async () => {
    const { orphans, handlers } = await ledger(5);
    expect(await handlers.heartbeat({ reporter: 'ingress-1', oldestOpenMs: 0 }, context)).toEqual({ nextMs: 10_000 });
    expect(await orphans.silent(['ingress-1', 'ingress-2'], -1)).toEqual(['ingress-1']);
  });

  it('are told what has not ended, also what only this ledger knows of, and what has been handled', async () => {
    const { handlers } = await ledger(5);
    const requests = ['open', 'carved here', 'never held'].map((requestId) => ({ requestId }));
    const answer = await handlers.unended({ requests }, context);
    expect(answer).toEqual({ requestIds: ['open', 'carved here'], handledUntil: 5 });
  });

  it('are told of an end that another ledger was told, and of those that are carved from an open grant', async () => {
    const { handlers } = await ledger(5);
    const requests = ['ended', 'not written yet'].map((requestId) => ({ requestId, grantId: 'open' }));
    expect(await handlers.unended({ requests }, context)).toMatchObject({ requestIds: ['not written yet'] });
  });

  it('are told nothing of what has been handled when the stream does not say', async () => {
    const { handlers } = await ledger(undefined);
    expect(await handlers.unended({ requests: [] }, context)).toEqual({ requestIds: [] });
  });
});
