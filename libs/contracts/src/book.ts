import { z } from 'zod';

import { rpc } from './define.js';
import { NanoUsd } from './money.js';
import { StoredText } from './text.js';

const Operators = { reason: StoredText.min(1).max(500), actor: z.string().min(1) };

/** A fact whose numbers cannot be believed: it was priced at zero, until an operator decides. */
export const QuarantinedFact = z.object({
  requestId: z.string(),
  accountId: z.string(),
  why: z.string(),
  /** What was held for the request, and the most it may still be charged. */
  held: NanoUsd,
  /** As it was reported; it holds no content. */
  fact: z.unknown(),
  /** Epoch milliseconds. */
  at: z.number().int(),
  decision: z.object({ charged: NanoUsd, note: z.string(), actor: z.string(), at: z.number().int() }).optional(),
});
export type QuarantinedFact = z.output<typeof QuarantinedFact>;

/** Operators' hand on what stands in the book. Nothing is changed in it: what was wrong is put right by a transaction of its own. */
export const book = {
  /**
   * Gives back a charge, or a part of it; all corrections of a request together never exceed what it was charged.
   * Idempotent by `transactionId`. Errors: `not-found`, `invalid-request` (more than is left of the charge), `conflict`.
   */
  correct: rpc({
    subject: 'book.v1.correct',
    timeoutMs: 5_000,
    input: z.object({
      transactionId: StoredText.min(1).max(200),
      requestId: z.string(),
      amount: NanoUsd,
      ...Operators,
    }),
    output: z.object({ accountId: z.string(), available: NanoUsd }),
  }),
  /** Newest first; without `decided`, those that wait for a decision. */
  listQuarantine: rpc({
    subject: 'book.v1.list-quarantine',
    timeoutMs: 5_000,
    input: z.object({
      decided: z.boolean(),
      limit: z.number().int().min(1).max(200),
      cursor: z.string().optional(),
    }),
    output: z.object({ facts: z.array(QuarantinedFact), nextCursor: z.string().optional() }),
  }),
  /**
   * Dismisses a doubted fact, which is a charge of nothing, or charges what the operator states; never more than its hold.
   * The first decision stands. Errors: `not-found`, `invalid-request` (beyond the hold), `insufficient-credit`, `conflict`.
   */
  decideQuarantine: rpc({
    subject: 'book.v1.decide-quarantine',
    timeoutMs: 5_000,
    input: z.object({ requestId: z.string(), charge: NanoUsd, ...Operators }),
    output: z.object({ accountId: z.string(), available: NanoUsd }),
  }),
};
