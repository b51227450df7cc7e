import { z } from 'zod';

import { rpc } from './define.js';
import { NanoUsd } from './money.js';

/** How a customer pays: on a payment provider's page, or by a transfer that an operator confirms. */
export const PaymentMethod = z.enum(['card', 'bank_transfer']);
export type PaymentMethod = z.output<typeof PaymentMethod>;

/** One top-up, from the wish to the money (contract 8.5). */
export const TopUp = z.object({
  id: z.string(),
  method: PaymentMethod,
  /** `review`: what was paid is not what was asked for, and an operator decides. */
  status: z.enum(['open', 'paid', 'expired', 'refunded', 'review']),
  /** What the customer pays, and what we give on top. */
  amount: NanoUsd,
  bonus: NanoUsd,
  /** Where to pay; only while it is open. */
  url: z.string().optional(),
  /** How to pay where there is no page. */
  instructions: z.string().optional(),
  createdAt: z.number().int(),
  completedAt: z.number().int().optional(),
});
export type TopUp = z.output<typeof TopUp>;

/** Top-ups as their owners see them; console-api takes payments, the ledger alone moves money. */
export const payments = {
  /** Errors: `invalid-request` (beyond the limits of one transaction), `unsupported` (no such method here), `unavailable`. */
  startTopUp: rpc({
    subject: 'payments.v1.start-top-up',
    timeoutMs: 20_000,
    input: z.object({ accountId: z.string(), amount: NanoUsd, method: PaymentMethod.optional() }),
    output: TopUp,
  }),
  readTopUp: rpc({
    subject: 'payments.v1.read-top-up',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string(), topUpId: z.string() }),
    output: TopUp,
  }),
};
