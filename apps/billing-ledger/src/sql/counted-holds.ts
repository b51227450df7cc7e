/** The buckets of counters as they follow from holds. The columns are those of `ledger.spend`; what has left its span is not told. */
export const FOLD_OF_HOLDS = `
  SELECT account_id, split_part(counter, ' ', 1) AS subject, split_part(counter, ' ', 2) AS span,
    ledger.bucket_of(split_part(counter, ' ', 2), slot) AS bucket, coalesce(sum(held), 0)::bigint AS held, coalesce(sum(settled), 0)::bigint AS settled
  FROM (
    SELECT account_id, counters, date_bin('5 minutes', counted_at, 'epoch') AS slot,
      sum(amount - drawn - returned) FILTER (WHERE state = 'held') AS held, sum(charged + drawn) AS settled
    FROM ledger.hold WHERE grant_id IS NULL AND counters <> '{}' GROUP BY account_id, counters, slot
  ) AS alike CROSS JOIN LATERAL unnest(counters) AS counter
  WHERE ledger.bucket_of(split_part(counter, ' ', 2), slot) > ledger.horizon(split_part(counter, ' ', 2), now())
  GROUP BY 1, 2, 3, 4`;

/** The buckets that stand, as far as the fold tells of them. */
export const COUNTED_BUCKETS = `
  SELECT account_id, subject, span, bucket, held, settled FROM ledger.spend WHERE bucket > ledger.horizon(span, now())`;
