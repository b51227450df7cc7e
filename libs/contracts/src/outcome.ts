import { errorKinds, type ErrorKind } from '@bytespike/kernel';
import { z } from 'zod';

import { Usage } from './usage.js';

export const Kind = z.enum(errorKinds as [ErrorKind, ...ErrorKind[]]);

/** One call to one target, the failed ones too: they are free, and the receipt lists them. */
export const Attempt = z.object({
  channelId: z.string(),
  credentialId: z.string().optional(),
  vendor: z.string(),
  model: z.string(),
  upstreamModel: z.string(),
  priceVersion: z.string(),
  /** The vendor's HTTP status; absent when no answer came. */
  status: z.number().int().optional(),
  /** Why it failed; absent when it served the request. */
  kind: Kind.optional(),
  startedAt: z.number().int(),
  firstContentMs: z.number().optional(),
  durationMs: z.number(),
});
export type Attempt = z.output<typeof Attempt>;

/** A vendor's refusal kept whole, because clients parse it (contract 0.3: 400, 413, 422 on the raw lane). */
export const VerbatimAnswer = z.object({
  status: z.number().int(),
  contentType: z.string(),
  bodyBase64: z.string(),
});

export const Failure = z.object({
  kind: Kind,
  /** Safe to show only where the kind says so. */
  message: z.string(),
  /** Where in the request the fault lies, in the words of its dialect. */
  param: z.string().optional(),
  retryAfterMs: z.number().optional(),
  verbatim: VerbatimAnswer.optional(),
});
export type Failure = z.output<typeof Failure>;

/**
 * How a request ended:
 * - `complete`: the vendor's grammar ended as it should;
 * - `failed`: nothing usable, before or after the first byte;
 * - `truncated`: content came, its end did not;
 * - `cancelled`: the caller left;
 * - `cut`: the gateway ended it, because the caller's own money did not reach further (contract 0.5).
 */
export const Ending = z.enum(['complete', 'failed', 'cancelled', 'truncated', 'cut']);
export type Ending = z.output<typeof Ending>;

/** Why an answer ended. `unusable`: its vendor says that nobody can do anything with it (a call that is broken, say). */
export const Finish = z.enum([
  'stop',
  'stop-sequence',
  'length',
  'tool-calls',
  'refusal',
  'pause',
  'unusable',
  'other',
]);
export type Finish = z.output<typeof Finish>;

/** The last frame of a generation stream. */
export const Outcome = z.object({
  ending: Ending,
  finish: Finish.optional(),
  usage: Usage.optional(),
  /** `vendor`: reported by it. `counted`: a clean end without a report, counted by us and flagged. */
  usageSource: z.enum(['vendor', 'counted', 'none']),
  /** Usage that was negative or did not reconcile; it is priced at zero and waits for an operator. */
  quarantined: z.boolean().optional(),
  /** Whether a first content event reached the caller's side; before it, an abort is free. */
  contentStarted: z.boolean(),
  /** Output units delivered so far by our own count, rounded down. */
  deliveredOutput: z.number().int().nonnegative(),
  failure: Failure.optional(),
  attempts: z.array(Attempt),
});
export type Outcome = z.output<typeof Outcome>;
