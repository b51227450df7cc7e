import { LIMITS } from '@bytespike/kernel';

/** Every wait of the HTTP side, so that a test can shorten them. */
export interface Timings {
  /** Silence after which headers go out and keep-alives begin. */
  readonly firstKeepAliveMs: number;
  readonly keepAliveEveryMs: number;
  /** How long a client may leave written bytes unread before it is dropped. */
  readonly clientStallMs: number;
  /** How long a last error may take to be flushed. */
  readonly flushMs: number;
  readonly bodyReadMs: number;
  /** For a whole form with its files; of silence on the way no more than for a body. */
  readonly uploadMs: number;
  /** How long pictures may take that their caller waits for. */
  readonly picturesMs: number;
  readonly requestDeadlineMs: number;
  /** How long an answer waits to be kept; after it, it goes out and cannot be come back to. */
  readonly rememberMs: number;
  /** How long a stream whose hold is used up stands still for a ledger that cannot be asked. */
  readonly extendMs: number;
  /** What the headers of an early refusal may cost in waiting. */
  readonly accountingMs: number;
  /** How often tasks that somebody listens to are asked about, in case a fact about them was lost. */
  readonly taskLookMs: number;
  /** A named request whose process has not said for so long that it lives may be run by a repeat. */
  readonly answerLeaseMs: number;
  /** How long a store that is away is asked to keep an answer. Its client has it by then; its charge waits, or falls. */
  readonly answerKeepMs: number;
}

export const TIMINGS: Timings = {
  firstKeepAliveMs: LIMITS.firstKeepAliveMs,
  keepAliveEveryMs: LIMITS.keepAliveEveryMs,
  clientStallMs: 60_000,
  flushMs: 5_000,
  bodyReadMs: LIMITS.bodyReadTimeoutMs,
  uploadMs: LIMITS.uploadTimeoutMs,
  picturesMs: LIMITS.picturesTimeoutMs,
  requestDeadlineMs: LIMITS.requestDeadlineMs,
  rememberMs: 2_000,
  // A ledger that died is back by then, and so is its store.
  extendMs: 10_000,
  accountingMs: 250,
  taskLookMs: 15_000,
  answerLeaseMs: 30_000,
  answerKeepMs: 120_000,
};
