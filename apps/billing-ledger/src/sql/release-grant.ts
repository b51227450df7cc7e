import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { moveSpend } from './spend-moves.js';
import { moveWallets } from './wallet-moves.js';

/**
 * Gives back what a grant will not need any more, while holds carved from it are still open. Once: a repeat finds that
 * something was returned, and a grant that has ended has nothing left.
 */
const RELEASE_GRANT = `
WITH wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id = (SELECT account_id FROM ledger.hold WHERE request_id = $1) FOR UPDATE
), released AS (
  UPDATE ledger.hold SET returned = $2::bigint
  WHERE request_id = $1 AND state = 'held' AND returned = 0 AND $2::bigint > 0 AND (SELECT count(*) FROM wallet) >= 0
  RETURNING request_id, account_id, returned, counters, counted_at
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'release', account_id, leg.balance, leg.amount
  FROM released CROSS JOIN LATERAL (VALUES ('held', -returned), ('available', returned)) AS leg(balance, amount)
), spent AS (${moveSpend('released', { held: '-returned', settled: '0' })}
)
${moveWallets('released', { available: 'returned', held: '-returned' })}`;

export async function releaseGrant(pool: Pool, grantId: string, amount: NanoUsd): Promise<void> {
  await pool.query(RELEASE_GRANT, [grantId, amount]);
}
