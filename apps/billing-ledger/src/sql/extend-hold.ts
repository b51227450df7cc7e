import type { Cap } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { SizedHold } from '../domain/size-hold.js';
import type { ExtendResult } from '../ledger-store.js';

/** Whoever moves money or a counter of an account locks its wallet first, so what is read after this stands still. */
const LOCK_WALLET = 'SELECT available FROM ledger.account WHERE id = $1 FOR UPDATE';

/**
 * An extension, all or nothing: the hold grows to the given amount when the wallet and every cap have room for what is
 * added. Each extension is a transaction of its own kind, named by the output it reaches, so that a repeat finds nothing
 * left to add. The counters the hold is in grow in the bucket of its beginning.
 */
const EXTEND_HOLD = `
WITH standing AS MATERIALIZED (
  SELECT request_id, account_id, amount, max_output_tokens, counters, created_at FROM ledger.hold
  WHERE request_id = $1 AND account_id = $2 AND input_hash = $3 AND state = 'held' AND grant_id IS NULL AND basis <> 'grant'
  FOR UPDATE
), room AS MATERIALIZED (
  SELECT 'wallet' AS limited_by, available AS room FROM ledger.account WHERE id = $2
  UNION ALL
  SELECT cap.span, cap.limit_amount - coalesce((
    SELECT sum(spend.held + spend.settled + spend.carried) FROM ledger.spend AS spend
    WHERE spend.account_id = $2 AND spend.subject = cap.subject AND spend.span = cap.span
      AND spend.bucket >= ledger.bucket_of(cap.span, now() - CASE cap.span WHEN '5h' THEN interval '5 hours' WHEN '1d' THEN interval '1 day' ELSE interval '7 days' END)
  ), 0)::bigint
  FROM unnest($7::text[], $8::text[], $9::bigint[]) AS cap(subject, span, limit_amount)
), tightest AS MATERIALIZED (
  SELECT limited_by, room FROM room ORDER BY room LIMIT 1
), extended AS (
  UPDATE ledger.hold AS hold SET amount = $4::bigint, basis = $5, max_output_tokens = $6::int
  FROM standing, tightest
  WHERE hold.request_id = standing.request_id AND standing.max_output_tokens < $6::int AND $4::bigint - standing.amount <= tightest.room
  RETURNING hold.request_id, hold.account_id, hold.counters, hold.created_at, $4::bigint - standing.amount AS added
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'extend-' || $6::int, account_id, leg.balance, leg.amount
  FROM extended CROSS JOIN LATERAL (VALUES ('available', -added), ('held', added)) AS leg(balance, amount)
  WHERE leg.amount <> 0
), counted AS (
  INSERT INTO ledger.spend AS spend (account_id, subject, span, bucket, held)
  SELECT account_id, split_part(counter, ' ', 1), split_part(counter, ' ', 2), ledger.bucket_of(split_part(counter, ' ', 2), created_at), added
  FROM extended CROSS JOIN LATERAL unnest(counters) AS counter
  ON CONFLICT (account_id, subject, span, bucket) DO UPDATE SET held = spend.held + excluded.held
), moved AS (
  UPDATE ledger.account AS account SET available = account.available - added, held = account.held + added
  FROM extended WHERE account.id = extended.account_id
)
SELECT EXISTS (SELECT FROM extended) AS grew, standing.amount, standing.max_output_tokens, tightest.limited_by, tightest.room
FROM standing, tightest`;

interface Row {
  readonly grew: boolean;
  /** As the hold stood before. */
  readonly amount: NanoUsd;
  readonly max_output_tokens: number;
  readonly limited_by: 'wallet' | Cap['span'];
  readonly room: NanoUsd;
}

/** Lets a hold grow to what `hold` says, if there is room for it. */
export async function extendHold(pool: Pool, hold: SizedHold, caps: readonly Cap[]): Promise<ExtendResult> {
  const row = await inTransaction(pool, hold, caps);
  if (!row) return { kind: 'over' };
  const { amount, max_output_tokens: maxOutputTokens, limited_by: limitedBy, room } = row;
  if (row.grew || maxOutputTokens >= hold.maxOutputTokens) return { kind: 'extended' };
  return { kind: 'refused', amount, maxOutputTokens, limitedBy, room };
}

async function inTransaction(pool: Pool, hold: SizedHold, caps: readonly Cap[]): Promise<Row | undefined> {
  const { requestId, accountId, inputHash, amount, basis, maxOutputTokens } = hold;
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query({ name: 'lock-wallet', text: LOCK_WALLET, values: [accountId] });
    const { rows } = await client.query<Row>({
      name: 'extend-hold',
      text: EXTEND_HOLD,
      values: [
        ...[requestId, accountId, inputHash, amount, basis, maxOutputTokens],
        ...[caps.map(({ subject }) => subject), caps.map(({ span }) => span), caps.map(({ limit }) => limit)],
      ],
    });
    await client.query('COMMIT');
    return rows[0];
  } catch (error) {
    // Closing the connection rolls back, also where the server cannot be told to.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}
