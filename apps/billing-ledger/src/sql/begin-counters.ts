import { inTransaction, type Pool } from '@bytespike/database';

import type { Counter } from '../domain/standing.js';

/** Once in the life of a counter, its account's usage is read: the whole of it as sums, when the span is a life. */
const BEGIN_MS_MAX = 30_000;

/** An account that nobody has credited gets its empty wallet here: a row that does not exist cannot be locked. */
const MAKE_WALLET = 'INSERT INTO ledger.account (id) VALUES ($1) ON CONFLICT DO NOTHING';

const LOCK_WALLET = 'SELECT id FROM ledger.account WHERE id = $1 FOR UPDATE';

/**
 * Begins counters of one account, whose wallet is locked: nobody holds or ends anything meanwhile, and of two who begin the
 * same counter the second finds it begun. Holds that are open join it and count from now on like any other. What was
 * charged before is carried in the buckets in which it was charged, a little after those of the holds: a counter that is
 * begun late frees late. Sums of quarters of an hour say it where buckets are no shorter and members are not told apart, since
 * everybody's holds wait while a wallet is locked. What was drawn from a grant that is still open is among what was charged, and
 * is counted with the grant too, so it is taken off again where the grant is counted.
 */
const BEGIN_COUNTERS = `
WITH begun AS (
  INSERT INTO ledger.counter (account_id, subject, span, begun_at)
  SELECT $1, subject, span, now() FROM unnest($2::text[], $3::text[]) AS asked(subject, span)
  ON CONFLICT DO NOTHING
  RETURNING subject, span
), open AS MATERIALIZED (
  SELECT hold.request_id, hold.counted_at, hold.amount - hold.drawn - hold.returned AS held, hold.drawn,
    array_agg(begun.subject || ' ' || begun.span) AS counters
  FROM ledger.hold AS hold JOIN begun
    ON begun.subject IN ('account', 'key:' || hold.key_id, 'member:' || hold.member_id, 'model:' || hold.model)
  WHERE hold.account_id = $1 AND hold.ended_at IS NULL
  GROUP BY hold.request_id
), joined AS (
  UPDATE ledger.hold AS hold SET counters = hold.counters || open.counters FROM open WHERE hold.request_id = open.request_id
)
INSERT INTO ledger.spend (account_id, subject, span, bucket, held, settled, carried)
SELECT $1, subject, span, bucket, sum(held), sum(settled), sum(carried) FROM (
  SELECT begun.subject, begun.span, ledger.bucket_of(begun.span, open.counted_at) AS bucket, open.held, open.drawn AS settled, 0 AS carried
  FROM open JOIN begun ON begun.subject || ' ' || begun.span = ANY (open.counters)
  UNION ALL
  SELECT subject, span, ledger.bucket_of(span, at), 0, 0, cost FROM (
    SELECT begun.subject, begun.span, sums.quarter AS at, sums.cost
    FROM ledger.usage_quarter AS sums JOIN begun
      ON begun.span <> '5h' AND begun.subject IN ('account', 'key:' || sums.key_id, 'model:' || sums.model)
    WHERE sums.account_id = $1
    UNION ALL
    SELECT begun.subject, begun.span, usage.created_at, usage.cost
    FROM ledger.usage AS usage JOIN begun
      ON begun.subject = 'member:' || usage.member_id
      OR begun.span = '5h' AND begun.subject IN ('account', 'key:' || usage.key_id, 'model:' || usage.model)
    WHERE usage.account_id = $1
      AND usage.created_at > (SELECT min(ledger.horizon(span, now())) FROM begun WHERE span = '5h' OR subject LIKE 'member:%')
    UNION ALL
    SELECT begun.subject, begun.span, open.counted_at, -open.drawn
    FROM open JOIN begun ON begun.subject || ' ' || begun.span = ANY (open.counters)
  ) AS past WHERE ledger.bucket_of(span, at) > ledger.horizon(span, now())
) AS before
GROUP BY subject, span, bucket`;

/** Begins counters with what was spent before; one that somebody else has begun stays as it is. */
export async function beginCounters(pool: Pool, counters: readonly Counter[]): Promise<void> {
  for (const accountId of new Set(counters.map((counter) => counter.accountId))) {
    const own = counters.filter((counter) => counter.accountId === accountId);
    await inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${BEGIN_MS_MAX}`);
      await client.query(MAKE_WALLET, [accountId]);
      await client.query(LOCK_WALLET, [accountId]);
      const values = [accountId, own.map(({ subject }) => subject), own.map(({ span }) => span)];
      const query = { text: BEGIN_COUNTERS, values, query_timeout: BEGIN_MS_MAX + 1_000 };
      await client.query(query);
    });
  }
}
