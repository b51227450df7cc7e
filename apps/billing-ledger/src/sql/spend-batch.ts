import { arrayLiteral, type Pool } from '@bytespike/database';

import { firstByRequest } from '../domain/first-by-request.js';
import type { CarvedSettlement, HoldState } from '../domain/settlement.js';
import type { EndResult } from '../store/ledger-store.js';
import { waitingForLocks, type LockMs } from './lock-waits.js';
import { SETTLEMENT_COLUMNS, SETTLEMENT_TRACES, settlementColumns } from './settlement-columns.js';
import { moveSpend } from './spend-moves.js';
import { moveWallets } from './wallet-moves.js';

/**
 * The end of a batch of carved holds (ADR 0012), in one statement. Wallets are locked in id order and then their grants,
 * as everywhere; only a grant that is still open can be charged. A carved hold gets its row now, already ended, and
 * everything else derives from the rows really inserted, so a replay changes nothing. What it costs is taken from
 * what the grant holds back; a constraint refuses more than that, whoever asks. The row names what it counts against, but the
 * counters are its grant's.
 */
const SPEND_BATCH = `
WITH item AS MATERIALIZED (
  SELECT * FROM unnest(${SETTLEMENT_COLUMNS.arrays}, $22::text[], $23::bigint[], $24::text[], $25::int[])
    AS t(${SETTLEMENT_COLUMNS.names}, grant_id, amount, basis, max_output_tokens)
), wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id IN (SELECT account_id FROM ledger.hold WHERE request_id = ANY($22)) AND ${waitingForLocks('$26')}
  ORDER BY id FOR UPDATE
), source AS MATERIALIZED (
  SELECT request_id, account_id, key_id, member_id, model, counters, counted_at FROM ledger.hold
  WHERE request_id = ANY($22) AND state = 'held' AND grant_id IS NULL AND (SELECT count(*) FROM wallet) >= 0
  ORDER BY request_id FOR UPDATE
), inserted AS (
  INSERT INTO ledger.hold (request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, state, charged, overrun, expires_at, ended_at, grant_id,
    model, member_id, counted_at)
  SELECT item.request_id, source.account_id, source.key_id, item.amount, item.basis, item.max_output_tokens,
    array_remove(ARRAY[item.price_version], NULL), '', item.state, least(item.cost, item.amount), greatest(item.cost - item.amount, 0), now(), now(), item.grant_id,
    source.model, source.member_id, source.counted_at
  FROM item JOIN source ON source.request_id = item.grant_id
  ON CONFLICT DO NOTHING
  RETURNING request_id, account_id, charged, overrun
), ended AS (
  SELECT inserted.account_id, inserted.charged, inserted.overrun, source.counters, source.counted_at, item.*
  FROM inserted JOIN item USING (request_id) JOIN source ON source.request_id = item.grant_id
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'settle', account_id, balance, amount FROM (
    SELECT request_id, account_id, 'held' AS balance, -charged AS amount FROM ended
    UNION ALL SELECT request_id, 'platform:revenue', 'posted', charged + overrun FROM ended
    UNION ALL SELECT request_id, 'platform:overrun', 'posted', -overrun FROM ended
  ) AS leg WHERE amount <> 0
), ${SETTLEMENT_TRACES}, moved_spend AS (${moveSpend('ended', { held: '-charged', settled: 'charged' })}
), drawn AS (
  UPDATE ledger.hold AS hold SET drawn = hold.drawn + spent.charged
  FROM (SELECT grant_id, sum(charged)::bigint AS charged FROM ended GROUP BY grant_id) AS spent
  WHERE hold.request_id = spent.grant_id AND spent.charged > 0
), moved AS (${moveWallets('ended', { available: '0', held: '-charged' })}
)
SELECT request_id FROM inserted`;

/** Asked only about what was not ended now: was it before, or has its grant ended without it? */
const EARLIER = `
SELECT asked.request_id, coalesce(hold.state, source.state) AS state
FROM unnest($1::text[], $2::text[]) AS asked(request_id, grant_id)
LEFT JOIN ledger.hold AS hold ON hold.request_id = asked.request_id
LEFT JOIN ledger.hold AS source ON source.request_id = asked.grant_id`;

/** Ends a batch of carved holds; of several ends for one hold in the batch the first counts. Rejects as `endBatch` does. */
export async function spendBatch(
  pool: Pool,
  items: readonly CarvedSettlement[],
  lockMs: LockMs,
): Promise<readonly EndResult[]> {
  const { first, isRepeat } = firstByRequest(items);
  const distinct = [...first.values()];
  const { rows } = await pool.query<{ request_id: string }>({
    name: 'spend-batch',
    text: SPEND_BATCH,
    values: [
      ...settlementColumns(distinct),
      arrayLiteral(distinct.map(({ carved }) => carved.grantId)),
      arrayLiteral(distinct.map(({ carved }) => carved.amount)),
      arrayLiteral(distinct.map(({ carved }) => carved.basis)),
      arrayLiteral(distinct.map(({ carved }) => carved.maxOutputTokens)),
      lockMs,
    ],
  });
  const ended = new Set(rows.map((row) => row.request_id));
  const earlier = await readEarlier(
    pool,
    distinct.filter(({ requestId }) => !ended.has(requestId)),
  );
  return items.map(({ requestId, state }, place) => {
    if (ended.has(requestId))
      return isRepeat(place) ? { kind: 'repeated', state: first.get(requestId)?.state ?? state } : { kind: 'ended' };
    const before = earlier.get(requestId);
    return before ? { kind: 'repeated', state: before } : { kind: 'unknown' };
  });
}

async function readEarlier(
  pool: Pool,
  items: readonly CarvedSettlement[],
): Promise<ReadonlyMap<string, HoldState | undefined>> {
  if (items.length === 0) return new Map();
  const values = [items.map(({ requestId }) => requestId), items.map(({ carved }) => carved.grantId)];
  const { rows } = await pool.query<{ request_id: string; state: HoldState | null }>(EARLIER, values);
  // A grant that was closed before this end lapsed as far as its request is concerned.
  return new Map(rows.map(({ request_id, state }) => [request_id, state ?? undefined]));
}
