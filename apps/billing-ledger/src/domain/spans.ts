import type { Span } from '@bytespike/contracts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The spans that roll, each in sub-buckets that leave it as a whole: never late, and at most one bucket early. The SQL
 * functions `ledger.bucket_of` and `ledger.horizon` say the same.
 */
const ROLLING = {
  '5h': { lengthMs: 5 * HOUR_MS, bucketMs: 5 * MINUTE_MS },
  '1d': { lengthMs: 24 * HOUR_MS, bucketMs: 15 * MINUTE_MS },
  '7d': { lengthMs: 168 * HOUR_MS, bucketMs: HOUR_MS },
} as const satisfies Record<Exclude<Span, 'life'>, { readonly lengthMs: number; readonly bucketMs: number }>;

export type RollingSpan = keyof typeof ROLLING;

export const isRolling = (span: Span): span is RollingSpan => span !== 'life';

/** The beginning of the bucket in which a moment lies, in epoch milliseconds; a life is one bucket. */
export const bucketOf = (span: Span, at: number): number => (isRolling(span) ? at - (at % ROLLING[span].bucketMs) : 0);

/** When a bucket has left its span as a whole; that of a life never does. */
export const leavesAt = (span: Span, bucket: number): number =>
  isRolling(span) ? bucket + ROLLING[span].bucketMs + ROLLING[span].lengthMs : Number.POSITIVE_INFINITY;
