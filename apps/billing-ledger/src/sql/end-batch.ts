import type { Pool } from '@bytespike/database';

import { firstByRequest } from '../domain/first-by-request.js';
import type { HoldState, Settlement } from '../domain/settlement.js';
import type { EndResult } from '../store/ledger-store.js';
import { waitingForLocks, type LockMs } from './lock-waits.js';
import { SETTLEMENT_COLUMNS, SETTLEMENT_TRACES, settlementColumns } from './settlement-columns.js';
import { moveSpend } from './spend-moves.js';
import { moveWallets } from './wallet-moves.js';

/**
 * The end of a batch of holds, in one statement. Wallets are locked first and in id order, as in the hold batch; then
 * each hold that is still open gets its one end, and everything else derives from the rows that really changed. The
 * charge is the cost capped at the hold (`capAtHold` in libs/pricing says the same), the rest is our overrun. A grant
 * releases what it still holds back. Legs are read one kind after the other: a list of values that is joined to each row has
 * its expressions prepared anew for each.
 */
const END_BATCH = `
WITH item AS MATERIALIZED (
  SELECT * FROM unnest(${SETTLEMENT_COLUMNS.arrays})
    AS t(${SETTLEMENT_COLUMNS.names})
), found AS MATERIALIZED (
  SELECT request_id, account_id, state FROM ledger.hold WHERE request_id = ANY($1)
), wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id IN (SELECT account_id FROM found WHERE state = 'held') AND ${waitingForLocks('$22')} ORDER BY id FOR UPDATE
), ended AS (
  UPDATE ledger.hold AS hold
  SET state = item.state, charged = least(item.cost, hold.amount), overrun = greatest(item.cost - hold.amount, 0), ended_at = now()
  FROM item
  WHERE hold.request_id = item.request_id AND hold.state = 'held' AND (SELECT count(*) FROM wallet) >= 0
  RETURNING hold.account_id, hold.amount - hold.drawn - hold.returned AS amount, hold.charged, hold.overrun, hold.counters, hold.counted_at, item.*
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, CASE state WHEN 'settled' THEN 'settle' WHEN 'voided' THEN 'void' ELSE 'expire' END, account_id, balance, amount FROM (
    SELECT request_id, state, account_id, 'held' AS balance, -amount AS amount FROM ended
    UNION ALL SELECT request_id, state, account_id, 'available', amount - charged FROM ended
    UNION ALL SELECT request_id, state, 'platform:revenue', 'posted', charged + overrun FROM ended
    UNION ALL SELECT request_id, state, 'platform:overrun', 'posted', -overrun FROM ended
  ) AS leg WHERE amount <> 0
), ${SETTLEMENT_TRACES}, spent AS (${moveSpend('ended', { held: '-amount', settled: 'charged' })}
), moved AS (${moveWallets('ended', { available: 'amount - charged', held: '-amount' })}
)
SELECT request_id AS id, NULL AS state FROM ended
UNION ALL SELECT request_id, state FROM found WHERE request_id NOT IN (SELECT request_id FROM ended)`;

interface Row {
  readonly id: string;
  /** How the hold stood before; null when this batch ended it. `held` when another writer ended it meanwhile. */
  readonly state: HoldState | null;
}

/**
 * Ends a batch of holds; of several ends for one hold in the batch the first counts. Rejects, and has ended nothing, when a lock
 * is waited for for longer than `lockMs`.
 */
export async function endBatch(
  pool: Pool,
  items: readonly Settlement[],
  lockMs: LockMs,
): Promise<readonly EndResult[]> {
  const { first, isRepeat } = firstByRequest(items);
  const { rows } = await pool.query<Row>({
    name: 'end-batch',
    text: END_BATCH,
    values: [...settlementColumns([...first.values()]), lockMs],
  });
  const results = new Map<string, EndResult>();
  for (const { id, state } of rows) results.set(id, state === null ? { kind: 'ended' } : { kind: 'repeated', state });
  return items.map((item, place) => {
    const result = results.get(item.requestId) ?? { kind: 'unknown' };
    const original = first.get(item.requestId);
    return original && isRepeat(place) && result.kind === 'ended'
      ? { kind: 'repeated', state: original.state }
      : result;
  });
}
