import type { Pool } from '@bytespike/database';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';

import type { UsageSelection } from '../domain/usage-selection.js';
import type { UsageSum } from '../statement/statement-store.js';
import { foldOfUsage, SUMMED } from './usage-quarters.js';

/**
 * The columns of a bucket's beginning: local time, and for hours, which come twice in autumn, how far it is ahead of UTC. The
 * first of the two is further ahead.
 */
const TIME = {
  day: { local: `to_char(local, 'YYYY-MM-DD')`, offset: 'NULL::int' },
  hour: {
    local: `to_char(local, 'YYYY-MM-DD"T"HH24:00:00')`,
    offset: `extract(epoch FROM local - (quarter AT TIME ZONE 'UTC'))::int`,
  },
} as const;

/** In one view of the book: the quarters within the range as they are summed, and the rows at its ragged ends. */
const PARTS = `
  SELECT quarter, key_id, key_hint, model, ${SUMMED.join(', ')} FROM ledger.usage_quarter
  WHERE account_id = $1 AND quarter >= to_timestamp($5::float8 / 1000) AND quarter < to_timestamp($6::float8 / 1000)
  UNION ALL
  SELECT quarter, key_id, key_hint, model, ${SUMMED.join(', ')} FROM (${foldOfUsage(`(
    SELECT * FROM ledger.usage WHERE account_id = $1 AND created_at >= to_timestamp($7::float8 / 1000) AND created_at < to_timestamp($8::float8 / 1000)
    UNION ALL
    SELECT * FROM ledger.usage WHERE account_id = $1 AND created_at >= to_timestamp($9::float8 / 1000) AND created_at < to_timestamp($10::float8 / 1000)
  ) AS rows`)}) AS edge`;

function statementFor({ time, byModel, byKey }: UsageSelection): string {
  const { local, offset } = time ? TIME[time] : { local: 'NULL::text', offset: 'NULL::int' };
  return `
SELECT ${local} AS local, ${offset} AS offset_seconds, ${byModel ? 'model' : 'NULL::text'} AS by_model, ${byKey ? 'key_id' : 'NULL::text'} AS by_key,
  ${byKey ? '(array_agg(key_hint ORDER BY quarter DESC))[1]' : 'NULL::text'} AS hint,
  ${SUMMED.map((one) => `sum(${one})::bigint AS ${one}`).join(', ')}
FROM (SELECT *, quarter AT TIME ZONE $4 AS local FROM (${PARTS}) AS part) AS told
WHERE ($2::text IS NULL OR model = $2) AND ($3::text IS NULL OR key_id = $3 OR key_hint = $3)
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2 DESC, 3, 4
LIMIT $11`;
}

interface Row {
  readonly local: string | null;
  readonly offset_seconds: number | null;
  readonly by_model: string | null;
  readonly by_key: string | null;
  readonly hint: string | null;
  readonly calls: bigint;
  readonly cost: NanoUsd;
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly images: bigint;
  readonly seconds: bigint;
}

/** The database's own list of zones may lack one that this process knows. */
const UNKNOWN_ZONE = '22023';

export async function sumUsage(pool: Pool, selection: UsageSelection): Promise<readonly UsageSum[]> {
  const { accountId, model, key, timeZone, quarters, edges, limit } = selection;
  const spans = [quarters, ...edges].flatMap(({ from, to }) => [from, to]);
  const values = [accountId, model ?? null, key ?? null, timeZone, ...spans, limit];
  try {
    return (await pool.query<Row>(statementFor(selection), values)).rows.map(sumOf);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNKNOWN_ZONE)
      throw new GatewayError('invalid-request', 'tz: this time zone is not known here', { cause: error });
    throw error;
  }
}

const sumOf = ({ local, offset_seconds, by_model, by_key, hint, ...sums }: Row): UsageSum => ({
  ...(local !== null && { local }),
  ...(offset_seconds !== null && { offsetSeconds: offset_seconds }),
  ...(by_model !== null && { model: by_model }),
  ...(by_key !== null && { keyId: by_key }),
  ...(hint !== null && { keyHint: hint }),
  calls: Number(sums.calls),
  cost: sums.cost,
  tokens: {
    input: Number(sums.input),
    cacheRead: Number(sums.cache_read),
    cacheWrite: Number(sums.cache_write),
    output: Number(sums.output),
    reasoning: Number(sums.reasoning),
  },
  images: Number(sums.images),
  seconds: Number(sums.seconds),
});
