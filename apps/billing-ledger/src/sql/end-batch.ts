import type { Pool } from '@bytespike/database';

import { firstByRequest } from '../domain/first-by-request.js';
import type { HoldState, Settlement, UsageLine } from '../domain/settlement.js';
import type { EndResult } from '../ledger-store.js';

/**
 * The end of a batch of holds, in one statement. Wallets are locked first and in id order, as in the hold batch; then
 * each hold that is still open gets its one end, and everything else derives from the rows that really changed. The
 * charge is the cost capped at the hold (`capAtHold` in libs/pricing says the same), the rest is our overrun.
 */
const END_BATCH = `
WITH item AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::float8[], $18::int[], $19::text[], $20::text[])
    AS t(request_id, state, cost, key_id, key_hint, organisation_id, model, protocol, stream, price_version,
      ending, rule, flags, units, cost_pico, attempts, started_ms, duration_ms, doubt, fact)
), found AS MATERIALIZED (
  SELECT request_id, account_id, state FROM ledger.hold WHERE request_id = ANY($1)
), wallet AS MATERIALIZED (
  SELECT id FROM ledger.account WHERE id IN (SELECT account_id FROM found WHERE state = 'held') ORDER BY id FOR UPDATE
), ended AS (
  UPDATE ledger.hold AS hold
  SET state = item.state, charged = least(item.cost, hold.amount), overrun = greatest(item.cost - hold.amount, 0), ended_at = now()
  FROM item
  WHERE hold.request_id = item.request_id AND hold.state = 'held' AND (SELECT count(*) FROM wallet) >= 0
  RETURNING hold.account_id, hold.amount, hold.charged, hold.overrun, item.*
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, CASE state WHEN 'settled' THEN 'settle' WHEN 'voided' THEN 'void' ELSE 'expire' END, leg.account_id, leg.balance, leg.amount
  FROM ended CROSS JOIN LATERAL (VALUES
    (ended.account_id, 'held', -amount),
    (ended.account_id, 'available', amount - charged),
    ('platform:revenue', 'posted', charged + overrun),
    ('platform:overrun', 'posted', -overrun)
  ) AS leg(account_id, balance, amount)
  WHERE leg.amount <> 0
), billed AS (
  INSERT INTO ledger.usage (request_id, account_id, key_id, key_hint, organisation_id, model, protocol, stream, price_version,
    ending, rule, flags, units, cost, cost_pico, attempts, started_at, duration_ms)
  SELECT request_id, account_id, key_id, key_hint, organisation_id, model, protocol, stream, price_version,
    ending, rule, string_to_array(flags, ' '), units::jsonb, charged, cost_pico, attempts::jsonb, to_timestamp(started_ms / 1000), duration_ms
  FROM ended WHERE rule IS NOT NULL
), doubted AS (
  INSERT INTO ledger.quarantine (request_id, reason, fact)
  SELECT request_id, doubt, fact::jsonb FROM ended WHERE doubt IS NOT NULL
), moved AS (
  UPDATE ledger.account AS account SET held = account.held - change.released, available = account.available + change.returned
  FROM (SELECT account_id, sum(amount)::bigint AS released, sum(amount - charged)::bigint AS returned FROM ended GROUP BY account_id) AS change
  WHERE account.id = change.account_id
)
SELECT request_id AS id, NULL AS state FROM ended
UNION ALL SELECT request_id, state FROM found WHERE request_id NOT IN (SELECT request_id FROM ended)`;

interface Row {
  readonly id: string;
  /** How the hold stood before; null when this batch ended it. `held` when another writer ended it meanwhile. */
  readonly state: HoldState | null;
}

/** Ends a batch of holds; of several ends for one hold in the batch the first counts. */
export async function endBatch(pool: Pool, items: readonly Settlement[]): Promise<readonly EndResult[]> {
  const { first, isRepeat } = firstByRequest(items);
  const { rows } = await pool.query<Row>({
    name: 'end-batch',
    text: END_BATCH,
    values: columnsOf([...first.values()]),
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

function columnsOf(items: readonly Settlement[]): unknown[][] {
  const usage = <T>(read: (line: UsageLine) => T) => items.map((item) => (item.usage ? read(item.usage) : null));
  return [
    items.map((item) => item.requestId),
    items.map((item) => item.state),
    items.map((item) => item.cost),
    usage((line) => line.keyId),
    usage((line) => line.keyHint),
    usage((line) => line.organisationId ?? null),
    usage((line) => line.model),
    usage((line) => line.protocol),
    usage((line) => line.stream),
    usage((line) => line.priceVersion),
    usage((line) => line.ending),
    usage((line) => line.rule),
    usage((line) => line.flags.join(' ')),
    usage((line) => JSON.stringify(line.units)),
    usage((line) => line.costPico),
    usage((line) => JSON.stringify(line.attempts)),
    usage((line) => line.startedAt),
    usage((line) => line.durationMs),
    items.map((item) => item.quarantine?.reason ?? null),
    items.map((item) => (item.quarantine ? JSON.stringify(item.quarantine.fact) : null)),
  ];
}
