import { z } from 'zod';

import { NanoUsd } from './money.js';

/** By what usage is summed. Of day and hour, the finer one counts. */
export const Grouping = z.enum(['day', 'hour', 'model', 'api_key']);
export type Grouping = z.output<typeof Grouping>;

const count = z.number().int().nonnegative();

/** What calls sum up to: money, tokens in the five disjoint sums of a usage row, and what is sold by the piece. */
export const UsageSums = z.object({
  calls: count,
  cost: NanoUsd,
  tokens: z.object({ input: count, cacheRead: count, cacheWrite: count, output: count, reasoning: count }),
  images: count,
  seconds: count,
});
export type UsageSums = z.output<typeof UsageSums>;

export const UsageBucket = UsageSums.extend({
  /** A day (`2026-11-20`) or the beginning of an hour with its offset (`2026-11-20T13:00:00+05:45`), in the zone asked for. */
  time: z.string().optional(),
  model: z.string().optional(),
  keyId: z.string().optional(),
  keyHint: z.string().optional(),
});
export type UsageBucket = z.output<typeof UsageBucket>;

export const UsageQuestion = z.object({
  accountId: z.string(),
  /** Epoch milliseconds, inclusive and exclusive, to the millisecond. */
  since: z.number().int(),
  until: z.number().int(),
  by: z.array(Grouping).min(1),
  model: z.string().optional(),
  /** A key's id, or its masked form. */
  key: z.string().optional(),
  /** An IANA name, in whose days and hours is summed. */
  timeZone: z.string(),
});
export type UsageQuestion = z.output<typeof UsageQuestion>;

export const UsageReport = z.object({ buckets: z.array(UsageBucket), totals: UsageSums });
export type UsageReport = z.output<typeof UsageReport>;
