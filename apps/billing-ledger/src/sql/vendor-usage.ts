import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { TOKEN_CLASSES } from '../domain/token-classes.js';
import { unitsOf } from './usage-quarters.js';

const { output, reasoning, ...inputs } = TOKEN_CLASSES;

/** Days are UTC's, whatever the session's. A row is written after its request began, so months before need not be read. */
const WITHIN_DAYS = `
  created_at >= ($2::timestamp - interval '1 hour') AT TIME ZONE 'UTC' AND started_at >= $2::timestamp AT TIME ZONE 'UTC'
  AND started_at < ($3::timestamp + interval '1 day') AT TIME ZONE 'UTC'`;

/**
 * What usage rows say that a vendor has delivered, by the day on which requests began, as vendors count them. What was
 * paid for is the last attempt.
 */
const DELIVERED = `
SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, attempts->-1->>'upstreamModel' AS model, count(*) AS requests,
  ${unitsOf(Object.values(inputs).flat())} AS "inputTokens", ${unitsOf([...output, ...reasoning])} AS "outputTokens",
  ${unitsOf(['images'])} AS images, ${unitsOf(['seconds'])} AS seconds,
  round(sum(cost_pico) / 1000)::bigint AS cost
FROM ledger.usage
WHERE attempts->-1->>'vendor' = $1 AND ${WITHIN_DAYS}
GROUP BY 1, 2`;

/** Of a request that was paid for, whatever did not fail was: pictures are drawn by several calls, and a pause is no failure. */
const PAID = `attempt->'kind' IS NULL OR place = jsonb_array_length(tried.attempts)`;

/**
 * Attempts that nobody was charged for and that a vendor may bill all the same: it had not refused them. Each may have cost
 * as much as was held, which its hold was reckoned to cover.
 */
const FREE = `
SELECT to_char(tried.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, attempt->>'upstreamModel' AS model, count(*) AS attempts,
  coalesce(sum(hold.amount), 0)::bigint AS "atMost"
FROM (
  SELECT request_id, started_at, attempts, false AS is_billed FROM ledger.unbilled WHERE ${WITHIN_DAYS}
  UNION ALL
  SELECT request_id, started_at, attempts, true FROM ledger.usage WHERE ${WITHIN_DAYS}
) AS tried
CROSS JOIN LATERAL jsonb_array_elements(tried.attempts) WITH ORDINALITY AS each(attempt, place)
JOIN ledger.hold AS hold ON hold.request_id = tried.request_id
WHERE NOT (is_billed AND (${PAID})) AND attempt->>'vendor' = $1 AND coalesce((attempt->>'status')::int, 200) < 400
GROUP BY 1, 2`;

/** What we have delivered of a vendor's model on a day. */
export interface DeliveredDay {
  readonly day: string;
  readonly model: string;
  readonly requests: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly images: bigint;
  readonly seconds: bigint;
  /** At our prices, before what exceeded holds was taken off. */
  readonly cost: NanoUsd;
}

export interface FreeDay {
  readonly day: string;
  readonly model: string;
  readonly attempts: bigint;
  readonly atMost: NanoUsd;
}

/** Everything of a vendor from one day until another, both in UTC and included. */
export async function readVendorUsage(
  pool: Pick<Pool, 'query'>,
  vendor: string,
  { from, until }: { readonly from: string; readonly until: string },
): Promise<{ readonly delivered: readonly DeliveredDay[]; readonly free: readonly FreeDay[] }> {
  const values = [vendor, from, until];
  const delivered = await pool.query<DeliveredDay>(DELIVERED, values);
  const free = await pool.query<FreeDay>(FREE, values);
  return { delivered: delivered.rows, free: free.rows };
}
