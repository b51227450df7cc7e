import { z } from 'zod';

import { rpc, topic } from './define.js';
import { NanoUsd } from './money.js';
import { Failure, Outcome } from './outcome.js';
import { Operation, Surface } from './target.js';

/** A rolling cap that may stop a key's next request, as the headers of an answer tell it. */
export const SpendWindow = z.object({
  window: z.enum(['5h', '1d', '7d']),
  limit: NanoUsd,
  /** Cap minus settled spend; holds are never shown (contract 0.4). */
  remaining: NanoUsd,
  /** Epoch seconds at which the next sub-bucket frees money. */
  resetAt: z.number().int(),
});
export type SpendWindow = z.output<typeof SpendWindow>;

/** Over how much time a cap counts: all of a subject's life, or a window that rolls. */
export const Span = z.enum(['life', '5h', '1d', '7d']);
export type Span = z.output<typeof Span>;

/**
 * What a subject may cost within a span. Subjects: `key:ID` (its quota is the cap for life), `member:ID`, `model:ID`, and
 * `account` for all of an organisation. Settled spend and open holds both count.
 */
export const Cap = z.object({ subject: z.string().max(200).regex(/^\S+$/), span: Span, limit: NanoUsd });
export type Cap = z.output<typeof Cap>;

/** What the accounting headers print. Only configured limits appear. */
export const Accounting = z.object({
  walletRemaining: NanoUsd,
  keyQuotaRemaining: NanoUsd.optional(),
  windows: z.array(SpendWindow),
});
export type Accounting = z.output<typeof Accounting>;

/**
 * A hold that was carved from a grant: the ledger admitted it from money that it had set aside durably before, and wrote
 * nothing. The fact that ends the request brings this along, so that whichever ledger hears it can charge the grant.
 */
export const Carved = z.object({
  grantId: z.string(),
  amount: NanoUsd,
  basis: z.string(),
  maxOutputTokens: z.number().int(),
});
export type Carved = z.output<typeof Carved>;

/** What pictures and films are sold by: whole ones, and whole seconds. */
export const MediaUnits = z
  .object({
    // More than any model makes, at any price no more than an amount can be.
    images: z.number().int().positive().max(10_000).optional(),
    seconds: z.number().int().positive().max(100_000).optional(),
  })
  .refine(({ images, seconds }) => images !== undefined || seconds !== undefined, 'names no pieces');
export type MediaUnits = z.output<typeof MediaUnits>;

/**
 * The reporter of tasks. It is no process: the rows of the queue report, whoever works on them, and outlive every worker. So its
 * silence says nothing, and what it holds lapses by its own deadline alone.
 */
export const TASKS_REPORTER = 'tasks';

/** What a request may cost at most, and on whose account. */
export const HoldRequest = z.object({
  requestId: z.string(),
  accountId: z.string(),
  keyId: z.string(),
  operation: Operation,
  /** The catalogue's id, and the member whose key it is: caps of theirs may be set later. */
  model: z.string(),
  memberId: z.string().optional(),
  /** All that hold for this request; it is admitted against every one of them and the wallet, or not at all. */
  caps: z.array(Cap).max(64),
  /** The process that will report how the request ended, or `TASKS_REPORTER`. */
  reporter: z.string(),
  /** Price versions of the plan's targets; the dearest decides. */
  priceVersions: z.array(z.string()).min(1),
  inputTokensUpperBound: z.number().int().nonnegative(),
  /** What the caller asked for; absent means the model's own limit. */
  maxOutputTokens: z.number().int().nonnegative().optional(),
  modelMaxOutputTokens: z.number().int().positive(),
  /** Searches by the vendor that it may cost besides; absent where it offers none. */
  searchCalls: z.number().int().positive().optional(),
  /** Alternative answers that share the output, where there are several: what a caller asks for is what one of them may have. */
  choices: z.number().int().positive().optional(),
  /** Of a render: what it makes at most. Its hold has a row of its own, since it may be open for a day. */
  units: MediaUnits.optional(),
  /** Whether it may start with what is affordable (contract 0.5): its output can be watched, and ended in the middle. */
  stream: z.boolean(),
  /** Epoch milliseconds; the hold lapses 15 minutes later. */
  deadline: z.number().int(),
});
export type HoldRequest = z.output<typeof HoldRequest>;

export const Hold = z.object({
  /** Zero for a free operation: it is admitted all the same, so nothing reaches a vendor unadmitted. */
  amount: NanoUsd,
  /** How the amount came about, in words for a header: `input=1200 output=8192 price=claude-sonnet-4-6@1`. */
  basis: z.string(),
  /** Output the hold pays for; less than asked only on a stream that may start with what is affordable. */
  maxOutputTokens: z.number().int(),
  accounting: Accounting,
  /** Absent when the hold has a row of its own. */
  carved: Carved.optional(),
});
export type Hold = z.output<typeof Hold>;

/** An outcome without anyone's words: facts are stored, and a vendor's message may quote the prompt. */
export const StatedOutcome = Outcome.extend({
  failure: Failure.pick({ kind: true }).optional(),
  /** No output was asked for, so that an answer without any is what was wanted: it fills a cache. */
  outputUnwanted: z.literal(true).optional(),
});
export type StatedOutcome = z.output<typeof StatedOutcome>;

/** How a request ended and what it used: the one fact that settles or voids its hold. */
export const UsageFact = z.object({
  requestId: z.string(),
  accountId: z.string(),
  keyId: z.string(),
  keyHint: z.string(),
  organisationId: z.string().optional(),
  memberId: z.string().optional(),
  protocol: Surface,
  operation: Operation,
  model: z.string(),
  stream: z.boolean(),
  /** Of the target that answered; absent when none did. */
  priceVersion: z.string().optional(),
  /** Our own count of the input, on the low side: it prices what its vendor did not report, and is zero where it did. */
  inputTokensEstimate: z.number().int().nonnegative(),
  startedAt: z.number().int(),
  durationMs: z.number(),
  outcome: StatedOutcome,
  /** As the hold said. */
  carved: Carved.optional(),
  /** How often it has been stated anew, since the ledger never had it. */
  repeat: z.number().int().positive().optional(),
});
export type UsageFact = z.output<typeof UsageFact>;

export const UsageRow = z.object({
  requestId: z.string(),
  createdAt: z.number().int(),
  model: z.string(),
  protocol: Surface,
  keyId: z.string(),
  keyHint: z.string(),
  tokens: z.object({
    input: z.number(),
    cacheRead: z.number(),
    cacheWrite: z.number(),
    output: z.number(),
    reasoning: z.number(),
  }),
  /** Of a render: what was made. */
  images: z.number().optional(),
  seconds: z.number().optional(),
  cost: NanoUsd,
  ending: z.string(),
});
export type UsageRow = z.output<typeof UsageRow>;

/** Money of requests: held before a vendor is called, settled by the fact that tells how it ended. */
export const billing = {
  /**
   * Reserves the worst case before anything reaches a vendor. Idempotent by `requestId`.
   * Errors: `insufficient-credit`, `quota-exceeded`, `spend-window`, `concurrency` (with `details.accounting`),
   * `unavailable` (the store cannot answer: never served unheld).
   */
  hold: rpc({
    subject: 'billing.v1.hold',
    timeoutMs: 5_000,
    input: HoldRequest,
    output: Hold,
  }),
  /** What such a render would hold; nothing is held. Errors: `unavailable`. */
  quote: rpc({
    subject: 'billing.v1.quote',
    timeoutMs: 2_000,
    input: HoldRequest.pick({ priceVersions: true }).extend({ units: MediaUnits }),
    output: Hold.pick({ amount: true, basis: true }),
  }),
  /**
   * Raises the open hold of a stream that started short, as far towards the output that the same request asked for as the
   * wallet and the same caps allow. A repeat holds nothing twice. Errors: those of `hold` when nothing worth having is
   * left, and `conflict` when there is no such hold or it has ended.
   */
  extend: rpc({
    subject: 'billing.v1.extend',
    timeoutMs: 5_000,
    input: HoldRequest,
    output: Hold.pick({ amount: true, basis: true, maxOutputTokens: true }),
  }),
  /**
   * A process that will report how requests end says that it lives. Holds of one that has not been heard for a while are
   * orphans, and lapse early (ADR 0020).
   */
  heartbeat: rpc({
    subject: 'billing.v1.heartbeat',
    timeoutMs: 2_000,
    input: z.object({
      reporter: z.string().max(100),
      /** Age of its oldest request that is open, or whose end nobody has confirmed; 0 when there is none. */
      oldestOpenMs: z.number().nonnegative(),
    }),
    /** When to say so again. */
    output: z.object({ nextMs: z.number().int().positive() }),
  }),
  /** Which of these requests hold money back still: asked about facts that the bus has stored, because it may lose them. */
  unended: rpc({
    subject: 'billing.v1.unended',
    timeoutMs: 5_000,
    input: z.object({
      requests: z.array(z.object({ requestId: z.string(), grantId: z.string().optional() })).max(1_000),
    }),
    output: z.object({
      requestIds: z.array(z.string()),
      /** Facts stored before this moment (epoch milliseconds) had been handled: one without an end is lost. */
      handledUntil: z.number().optional(),
    }),
  }),
  /** For the headers of an answer that was refused before a hold. */
  accounting: rpc({
    subject: 'billing.v1.accounting',
    timeoutMs: 2_000,
    input: z.object({ accountId: z.string(), keyId: z.string(), caps: z.array(Cap).max(64) }),
    output: Accounting,
  }),
  balance: rpc({
    subject: 'billing.v1.balance',
    timeoutMs: 2_000,
    input: z.object({ accountId: z.string() }),
    output: z.object({ available: NanoUsd, held: NanoUsd }),
  }),
  /** What an operator gives, or takes where negative; payments are `wallet.topUp`. Idempotent by `transactionId`. */
  credit: rpc({
    subject: 'billing.v1.credit',
    timeoutMs: 5_000,
    input: z.object({
      transactionId: z.string(),
      accountId: z.string(),
      amount: NanoUsd,
      reason: z.string().min(1).max(500),
      actor: z.string(),
    }),
    output: z.object({ available: NanoUsd }),
  }),
  /** One row per billed call, newest first, keyset-paged. */
  listUsage: rpc({
    subject: 'billing.v1.list-usage',
    timeoutMs: 5_000,
    input: z.object({
      accountId: z.string(),
      keyId: z.string().optional(),
      model: z.string().optional(),
      since: z.number().int().optional(),
      until: z.number().int().optional(),
      limit: z.number().int().min(1).max(200),
      cursor: z.string().optional(),
    }),
    output: z.object({ rows: z.array(UsageRow), nextCursor: z.string().optional() }),
  }),
  usage: topic({
    subject: 'billing.v1.usage-reported',
    delivery: 'queue',
    payload: UsageFact,
    // The bus drops what it has stored already, and a repeat is stated because that was lost.
    dedupeBy: ({ requestId, repeat = 0 }) => (repeat > 0 ? `${requestId} ${repeat}` : requestId),
  }),
};
