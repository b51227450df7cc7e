import { billingHandlers } from './billing.handlers.js';
import { PriceBook } from '../prices/price-book.js';
import { grantsOver } from '../testing/grants-over.js';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';

const catalogue = {
  prices: [
    { id: 'model@1', model: 'model', effectiveFrom: '2026-01-01', usdPerMillion: { output: '10' }, status: 'listed' },
  ],
};
const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };
const credit = { accountId: 'acc', reason: 'test', actor: 'test' };
const request = {
  accountId: 'acc',
  keyId: 'key',
  operation: 'generate' as const,
  model: 'claude-sonnet-4-6',
  caps: [],
  reporter: 'reporter-1',
  priceVersions: ['model@1'],
  inputTokensUpperBound: 0,
  modelMaxOutputTokens: 100,
  stream: false,
  deadline: 1_000_000,
};
/** What one such request may cost. */
const SIZE = 1_000_000n;

/** A ledger whose wallet affords a thousand requests, after `holds` of them. */
async function ledgerAfter(holds: number) {
  const store = new MemoryLedgerStore();
  const source = { snapshot: () => Promise.resolve({ version: 1, catalogue }) };
  const prices = new PriceBook(store, source, { accepted: () => undefined, rejected: () => undefined });
  const ledger = billingHandlers(store, { prices, ...grantsOver(store), looksAgainMs: [] });
  await ledger.credit({ ...credit, transactionId: 'fund', amount: 1_000n * SIZE }, context);
  for (let at = 0; at < holds; at += 1) await ledger.hold({ ...request, requestId: `request ${at}` }, context);
  return ledger;
}

describe('a wallet from which a busy key is admitted', () => {
  it('can be debited of all that no request needs', async () => {
    const ledger = await ledgerAfter(10);
    expect((await ledger.balance({ accountId: 'acc' }, context)).held).toBeGreaterThan(10n * SIZE);
    const debit = { ...credit, transactionId: 'debit', amount: -990n * SIZE };
    expect(await ledger.credit(debit, context)).toEqual({ available: 0n });
    expect(await ledger.balance({ accountId: 'acc' }, context)).toEqual({ available: 0n, held: 10n * SIZE });
  });

  it('shows a credit in the headers of the next request', async () => {
    const ledger = await ledgerAfter(10);
    await ledger.credit({ ...credit, transactionId: 'more', amount: SIZE }, context);
    const hold = await ledger.hold({ ...request, requestId: 'next' }, context);
    expect(hold.accounting.walletRemaining).toBe(1_001n * SIZE);
  });
});

describe('a hold that comes when nobody waits for it any more', () => {
  it('is given back, since whoever asked has long said that nothing ran', async () => {
    const ledger = await ledgerAfter(0);
    const late = { ...context, deadline: Date.now() };
    await expect(ledger.hold({ ...request, requestId: 'late' }, late)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await ledger.balance({ accountId: 'acc' }, context)).toEqual({ available: 1_000n * SIZE, held: 0n });
  });

  it('is left alone when it was taken before: its request may run', async () => {
    const ledger = await ledgerAfter(0);
    await ledger.hold({ ...request, requestId: 'runs' }, context);
    await ledger.hold({ ...request, requestId: 'runs' }, { ...context, deadline: Date.now() });
    expect((await ledger.balance({ accountId: 'acc' }, context)).held).toBe(SIZE);
  });
});
