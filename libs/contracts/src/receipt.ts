import { USAGE_CLASSES } from '@bytespike/kernel';
import { z } from 'zod';

import { NanoUsd, PicoUsd } from './money.js';
import { Attempt, Ending } from './outcome.js';

/** One class of usage times its price. Exact: nothing is rounded here. */
export const ReceiptLine = z.object({
  usageClass: z.enum(USAGE_CLASSES),
  units: z.number().int(),
  /** Per unit, which is USD per million units with six decimals. */
  price: PicoUsd,
  amount: PicoUsd,
});
export type ReceiptLine = z.output<typeof ReceiptLine>;

/** One leg of a transaction of the ledger. */
export const ReceiptEntry = z.object({
  /** The transaction's name: the request, or the grant that its hold was carved from. */
  reference: z.string(),
  kind: z.string(),
  account: z.string(),
  balance: z.enum(['available', 'held', 'posted']),
  amount: NanoUsd,
  /** Epoch milliseconds. */
  at: z.number().int(),
});
export type ReceiptEntry = z.output<typeof ReceiptEntry>;

/** What an operator gave back of a charge later, or with a negative amount took: a transaction of its own. */
export const ReceiptCorrection = z.object({
  id: z.string(),
  amount: NanoUsd,
  note: z.string(),
  at: z.number().int(),
});
export type ReceiptCorrection = z.output<typeof ReceiptCorrection>;

export const ReceiptAttempt = Attempt.pick({
  channelId: true,
  model: true,
  status: true,
  kind: true,
  startedAt: true,
  firstContentMs: true,
  durationMs: true,
}).extend({
  /** Whether it is what was paid for; every other attempt was free. */
  charged: z.boolean(),
});
export type ReceiptAttempt = z.output<typeof ReceiptAttempt>;

/** Where the time went. A part that did not happen is absent. */
export const ReceiptTimes = z.object({
  /** From the request's arrival until a vendor was asked. */
  beforeVendorMs: z.number().optional(),
  /** Spent on attempts that failed, before the last one began. */
  failedAttemptsMs: z.number().optional(),
  firstContentMs: z.number().optional(),
  streamingMs: z.number().optional(),
  totalMs: z.number().optional(),
});
export type ReceiptTimes = z.output<typeof ReceiptTimes>;

/**
 * All that is known of one request. What adds up: lines plus `rounding`, less `overrun`, is `total`; and the entries of
 * the wallet say the same.
 */
export const Receipt = z.object({
  requestId: z.string(),
  /** `running` until it is settled, `expired` when nobody ever said how it ended. */
  outcome: z.enum([...Ending.options, 'running', 'expired']),
  /** The rule of the outcome table that decided, and its sentence. */
  rule: z.string(),
  says: z.string(),
  flags: z.array(z.string()),
  model: z.string().optional(),
  protocol: z.string().optional(),
  keyHint: z.string().optional(),
  /** Epoch milliseconds: when it was settled. */
  endedAt: z.number().int().optional(),
  lines: z.array(ReceiptLine),
  /** The one rounding, to the nearest nano-USD: added to the lines, it gives what the request cost. */
  rounding: PicoUsd,
  /** What it cost beyond its hold, which we bear. */
  overrun: NanoUsd,
  /** What the customer paid; corrections, if there are any, came after it. */
  total: NanoUsd,
  /** What reading the cache saved, less what writing it cost, both against the price of plain input. */
  cacheSaving: PicoUsd,
  priceVersion: z.string().optional(),
  attempts: z.array(ReceiptAttempt),
  /** Absent for what is free by its nature, such as counting: nothing was held. */
  hold: z
    .object({
      amount: NanoUsd,
      basis: z.string(),
      /** Set aside together with other holds of the same key. */
      grantId: z.string().optional(),
    })
    .optional(),
  entries: z.array(ReceiptEntry),
  corrections: z.array(ReceiptCorrection),
  times: ReceiptTimes,
});
export type Receipt = z.output<typeof Receipt>;
