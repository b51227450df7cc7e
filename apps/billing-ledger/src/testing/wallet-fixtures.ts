import type { NanoUsd } from '@bytespike/kernel';

import type { WalletMove } from '../domain/wallet-move.js';

/** A top-up with its bonus; everything that does not matter to a test has a plain value. */
export const topUpOf = (transactionId: string, accountId: string, principal: NanoUsd, bonus: NanoUsd): WalletMove => ({
  ...{ transactionId, accountId, principal, bonus },
  kind: 'topup',
  source: { provider: 'stripe', receipt_id: `receipt of ${transactionId}`, method: 'card' },
  reason: 'top-up',
  actor: 'payments',
});

/** The customer got this much back, with its share of the bonus. */
export const refundOf = (transactionId: string, accountId: string, principal: NanoUsd, bonus: NanoUsd): WalletMove => ({
  ...topUpOf(transactionId, accountId, -principal, -bonus),
  kind: 'refund',
  reason: 'refund',
});
