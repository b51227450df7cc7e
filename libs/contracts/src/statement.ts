import { z } from 'zod';

import { rpc } from './define.js';
import { NanoUsd } from './money.js';
import { Receipt } from './receipt.js';
import { UsageQuestion, UsageReport } from './usage-report.js';

/** What a wallet received or gave apart from usage (contract 11.3). */
export const MovementKind = z.enum([
  'topup',
  'refund',
  'admin_credit',
  'admin_debit',
  'subscription_renew',
  'correction',
]);
export type MovementKind = z.output<typeof MovementKind>;

/** One movement of a wallet, newest first on the page. */
export const Movement = z.object({
  id: z.string(),
  /** Epoch milliseconds. */
  createdAt: z.number().int(),
  kind: MovementKind,
  /** Signed: what the wallet received, bonus included. */
  amount: NanoUsd,
  /** The part of it that we gave on top: a line item of its own (contract 8.5). */
  bonus: NanoUsd,
  balanceAfter: NanoUsd,
  /** `{provider, receipt_id, method}` of a payment, `{request_id}` of a correction. */
  source: z.record(z.string(), z.string()).optional(),
  actor: z.string(),
  note: z.string(),
});
export type Movement = z.output<typeof Movement>;

/** What the ledger tells customers: receipts, roll-ups, movements and the state of their wallet. All projections of the book. */
export const statement = {
  /** Errors: `not-found`, also for another account's request. */
  readReceipt: rpc({
    subject: 'statement.v1.read-receipt',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string(), requestId: z.string() }),
    output: Receipt,
  }),
  /** Errors: `invalid-request` (a time zone nobody knows, a range or a grouping with more buckets than anyone reads). */
  reportUsage: rpc({
    subject: 'statement.v1.report-usage',
    timeoutMs: 5_000,
    input: UsageQuestion,
    output: UsageReport,
  }),
  listMovements: rpc({
    subject: 'statement.v1.list-movements',
    timeoutMs: 5_000,
    input: z.object({
      accountId: z.string(),
      page: z.number().int().min(1).max(1_000_000),
      pageSize: z.number().int().min(1).max(200),
      kind: MovementKind.optional(),
      /** Epoch milliseconds, inclusive and exclusive. */
      since: z.number().int().optional(),
      until: z.number().int().optional(),
    }),
    output: z.object({ items: z.array(Movement), total: z.number().int() }),
  }),
  readWallet: rpc({
    subject: 'statement.v1.read-wallet',
    timeoutMs: 5_000,
    input: z.object({ accountId: z.string() }),
    output: z.object({
      available: NanoUsd,
      held: NanoUsd,
      /** Paid in by top-ups, bonus included. */
      lifetimeTopup: NanoUsd,
      /** What requests cost, corrections taken into account. */
      lifetimeSpent: NanoUsd,
      lowAt: NanoUsd.optional(),
      isLow: z.boolean(),
      spentByModel: z.array(z.object({ model: z.string(), cost: NanoUsd })),
    }),
  }),
};
