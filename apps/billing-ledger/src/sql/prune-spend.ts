import type { Pool } from '@bytespike/database';

/** Buckets that left their span more than a day ago. Nothing is held in one: an open hold keeps its bucket. */
const PRUNE_SPEND = `
DELETE FROM ledger.spend AS spend
USING (
  SELECT account_id, subject, span, bucket FROM ledger.spend
  WHERE span <> 'life' AND held = 0 AND bucket <= ledger.horizon(span, now() - interval '24 hours') LIMIT $1
) AS past
WHERE spend.account_id = past.account_id AND spend.subject = past.subject AND spend.span = past.span AND spend.bucket = past.bucket
  AND spend.held = 0`;

/** Removes some of them; answers how many. */
export async function pruneSpend(pool: Pool, limit: number): Promise<number> {
  return (await pool.query(PRUNE_SPEND, [limit])).rowCount ?? 0;
}
