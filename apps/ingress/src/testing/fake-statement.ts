import type { HandlersFor, Receipt, statement, UsageSums } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

const receipt: Receipt = {
  requestId: 'request-1',
  ...{ outcome: 'complete', rule: 'complete', says: 'A whole answer.', flags: ['counted'] },
  ...{ model: 'model-one', protocol: 'openai-chat', keyHint: 'sk-byts-...cdef', endedAt: 1_700_000_001_000 },
  lines: [
    { usageClass: 'input', units: 1_000, price: 3_000_000n, amount: 3_000_000_000n },
    { usageClass: 'cacheWrite5m', units: 1, price: 3_750_100n, amount: 3_750_100n },
    { usageClass: 'seconds', units: 8, price: 400_000_000_000n, amount: 3_200_000_000_000n },
  ],
  ...{ rounding: -100n, overrun: 3_750n, total: 3_000_000n, cacheSaving: -750_100n, priceVersion: 'model-one@1' },
  attempts: [
    {
      ...{ channelId: 'channel-1', model: 'model-one', status: 503, kind: 'upstream-transient' },
      ...{ startedAt: 1_700_000_000_100, durationMs: 20.4, charged: false },
    },
    {
      ...{ channelId: 'channel-2', model: 'model-one', status: 200, firstContentMs: 299.6 },
      ...{ startedAt: 1_700_000_000_120, durationMs: 800, charged: true },
    },
  ],
  hold: { amount: 3_000_000n, basis: 'input=1200 output=1 price=model-one@1' },
  entries: [
    {
      ...{ reference: 'request-1', kind: 'hold', account: 'account-1', balance: 'held' },
      ...{ amount: 3_000_000n, at: 1_700_000_000_050 },
    },
  ],
  corrections: [{ id: 'correction-1', amount: 1_000n, note: 'ours', at: 1_700_000_002_000 }],
  times: { beforeVendorMs: 100, failedAttemptsMs: 20, firstContentMs: 299.6, streamingMs: 500.4, totalMs: 1_000 },
};

export const sums: UsageSums = {
  calls: 2,
  cost: 1_500_000_000n,
  tokens: { input: 1, cacheRead: 2, cacheWrite: 3, output: 4, reasoning: 5 },
  images: 6,
  seconds: 7,
};

/** The ledger's statements of one request, one bucket, one movement and one wallet. */
export const statementHandlers = (): HandlersFor<typeof statement> => ({
  readReceipt: async ({ requestId }) => {
    if (requestId !== receipt.requestId) throw new GatewayError('not-found', 'There is no such request.');
    return receipt;
  },
  reportUsage: async () => ({ buckets: [{ time: '2026-11-20', ...sums }], totals: sums }),
  listMovements: async () => ({
    items: [
      {
        ...{
          id: 'topup-1',
          createdAt: 1_700_000_000_000,
          kind: 'topup',
          amount: 103_000_000_000n,
          bonus: 3_000_000_000n,
        },
        ...{ balanceAfter: 110_000_000_000n, actor: 'stripe', note: 'top-up' },
        source: { provider: 'stripe', receipt_id: 'pi_1', method: 'card' },
      },
    ],
    total: 1,
  }),
  readWallet: async () => ({
    ...{
      available: 42_180_000_000n,
      held: 120_000_000n,
      lifetimeTopup: 103_000_000_000n,
      lifetimeSpent: 60_700_000_000n,
    },
    ...{ lowAt: 5_000_000_000n, isLow: false },
    spentByModel: [{ model: 'model-one', cost: 60_700_000_000n }],
  }),
});
