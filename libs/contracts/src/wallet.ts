import { z } from 'zod';

import { rpc, topic } from './define.js';
import { NanoUsd } from './money.js';
import { StoredText } from './text.js';

/** Whose payment moved the wallet (contract 11.3). */
export const PaymentSource = z.object({
  /** `stripe` or `manual`. */
  provider: StoredText.min(1).max(40),
  /** The provider's own name for it, as on the customer's receipt. */
  receiptId: StoredText.min(1).max(200),
  /** `card`, `bank_transfer`... */
  method: StoredText.min(1).max(40),
});
export type PaymentSource = z.output<typeof PaymentSource>;

const Payment = z.object({
  /** Makes a repeat harmless. */
  transactionId: StoredText.min(1).max(200),
  accountId: z.string(),
  /** What the customer paid, or got back. */
  principal: NanoUsd,
  /** What we gave on top of it, or take back with it. */
  bonus: NanoUsd,
  source: PaymentSource,
  reason: StoredText.min(1).max(500),
  actor: z.string(),
});

/** A wallet that was moved by hand or by a payment. API spend is not told here: usage rows are. */
export const WalletMovement = z.object({
  transactionId: z.string(),
  accountId: z.string(),
  /** Everything the wallet received, bonus included; negative when it gave. */
  amount: NanoUsd,
  bonus: NanoUsd,
  /** What the wallet could spend right after it. */
  available: NanoUsd,
  reason: z.string(),
  /** Epoch milliseconds. */
  at: z.number().int(),
});
export type WalletMovement = z.output<typeof WalletMovement>;

/**
 * Payments in and out of wallets, and what the ledger tells about wallets. Facts are rows of its outbox, written with the
 * money they tell of and published in order, at least once: whoever acts on one remembers its id.
 */
export const wallet = {
  /** One wallet movement of two line items, principal and bonus (contract 8.5). Idempotent by `transactionId`. Errors: `conflict`. */
  topUp: rpc({
    subject: 'wallet.v1.top-up',
    timeoutMs: 5_000,
    input: Payment,
    output: z.object({ available: NanoUsd }),
  }),
  /**
   * Money has gone back to the customer. The wallet gives what it has of it, principal before bonus, and is never
   * overdrawn: principal it cannot give is our loss, and answered as `lost`. Idempotent by `transactionId`. Errors: `conflict`.
   */
  refund: rpc({
    subject: 'wallet.v1.refund',
    timeoutMs: 5_000,
    input: Payment,
    output: z.object({ available: NanoUsd, taken: NanoUsd, lost: NanoUsd }),
  }),
  /** Below which balance the owner is told, once until it is above again; absent is never. */
  setLowBalance: rpc({
    subject: 'wallet.v1.set-low-balance',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string(), threshold: NanoUsd.optional() }),
    output: z.object({}),
  }),
  /** An operator has credited or debited a wallet. */
  credited: topic({
    subject: 'wallet.v1.credited',
    delivery: 'broadcast',
    payload: WalletMovement,
    dedupeBy: ({ transactionId }) => transactionId,
  }),
  /** A payment has landed; users know it as `system.payment.received` (contract 11.5). */
  toppedUp: topic({
    subject: 'wallet.v1.topped-up',
    delivery: 'broadcast',
    payload: WalletMovement,
    dedupeBy: ({ transactionId }) => transactionId,
  }),
  refunded: topic({
    subject: 'wallet.v1.refunded',
    delivery: 'broadcast',
    payload: WalletMovement,
    dedupeBy: ({ transactionId }) => transactionId,
  }),
  /** A balance has crossed its threshold; users know it as `system.balance.notify.dispatched` (contract 11.5). */
  balanceLow: topic({
    subject: 'wallet.v1.balance-low',
    delivery: 'broadcast',
    payload: z.object({
      /** Names this crossing. */
      eventId: z.string(),
      accountId: z.string(),
      threshold: NanoUsd,
      /** What is left, open holds included: they may still cost nothing. */
      balance: NanoUsd,
      at: z.number().int(),
    }),
    dedupeBy: ({ eventId }) => eventId,
  }),
  /** A usage fact cannot be believed: it was priced at zero and waits for an operator. */
  usageQuarantined: topic({
    subject: 'wallet.v1.usage-quarantined',
    delivery: 'broadcast',
    payload: z.object({ requestId: z.string(), accountId: z.string(), reason: z.string(), at: z.number().int() }),
    dedupeBy: ({ requestId }) => requestId,
  }),
};
