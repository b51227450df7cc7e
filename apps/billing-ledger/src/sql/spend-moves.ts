/**
 * Moves money in the buckets of every counter that rows are in. The rows have `account_id`, `counters` and `counted_at`; what
 * is added to the two columns is said of each row. Upserts, not updates: a statement that has waited for a lock does not see
 * a bucket that was begun meanwhile, but it does meet it. Whoever sends this has locked the wallets.
 */
export const moveSpend = (rows: string, added: { readonly held: string; readonly settled: string }): string => `
  INSERT INTO ledger.spend AS spend (account_id, subject, span, bucket, held, settled)
  SELECT account_id, split_part(counter, ' ', 1), split_part(counter, ' ', 2), ledger.bucket_of(split_part(counter, ' ', 2), slot),
    sum(held)::bigint, sum(settled)::bigint
  FROM (
    SELECT account_id, counters, date_bin('5 minutes', counted_at, 'epoch') AS slot, sum(${added.held}) AS held, sum(${added.settled}) AS settled
    FROM ${rows} WHERE cardinality(counters) > 0 GROUP BY account_id, counters, slot
  ) AS moved CROSS JOIN LATERAL unnest(counters) AS counter
  GROUP BY 1, 2, 3, 4
  ON CONFLICT (account_id, subject, span, bucket) DO UPDATE SET held = spend.held + excluded.held, settled = spend.settled + excluded.settled`;
