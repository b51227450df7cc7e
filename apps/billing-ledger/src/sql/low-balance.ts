import { wallet } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

/** Another threshold is another promise: whoever is below it is told, also when the old one has told already. */
const SET = `
INSERT INTO ledger.account AS account (id, low_at) VALUES ($1, $2::bigint)
ON CONFLICT (id) DO UPDATE SET low_at = excluded.low_at, is_low = account.is_low AND account.low_at IS NOT DISTINCT FROM excluded.low_at`;

/**
 * Finds who has crossed a threshold since the last time, either way, and leaves a fact for everybody who went below. What is
 * held counts as there: an open hold may still cost nothing, and a balance that holds push up and down would be news
 * all day. Wallets are locked in id order, as everywhere; what was read before the lock is read again under it.
 */
const CROSS = `
WITH due AS MATERIALIZED (
  SELECT id FROM ledger.account WHERE low_at IS NOT NULL AND is_low <> (available + held < low_at) ORDER BY id LIMIT $1 FOR UPDATE
), crossed AS (
  UPDATE ledger.account AS account SET is_low = available + held < low_at FROM due WHERE account.id = due.id
  RETURNING account.id, low_at, available + held AS balance, is_low
), told AS (
  INSERT INTO ledger.outbox (subject, message_id, payload)
  SELECT '${wallet.balanceLow.subject}', '${wallet.balanceLow.subject} ' || event_id, jsonb_build_object('eventId', event_id, 'accountId', id,
    'threshold', low_at::text, 'balance', balance::text, 'at', floor(extract(epoch FROM now()) * 1000))
  FROM (SELECT gen_random_uuid()::text AS event_id, * FROM crossed WHERE is_low) AS low
)
SELECT count(*) AS found, count(*) FILTER (WHERE is_low) AS low FROM crossed`;

export async function setLowBalance(pool: Pool, accountId: string, threshold: NanoUsd | undefined): Promise<void> {
  await pool.query(SET, [accountId, threshold ?? null]);
}

/** How many wallets have crossed their threshold, at most `limit`, and how many of them went below. */
export async function crossThresholds(pool: Pool, limit: number): Promise<{ found: number; low: number }> {
  const { rows } = await pool.query<{ found: bigint; low: bigint }>(CROSS, [limit]);
  const [counts] = rows;
  return { found: Number(counts?.found ?? 0n), low: Number(counts?.low ?? 0n) };
}
