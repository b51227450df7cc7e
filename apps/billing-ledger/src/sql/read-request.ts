import type { Ending, ReceiptCorrection, ReceiptEntry, UsageFact } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd, PicoUsd, Usage } from '@bytespike/kernel';

import type { HoldState } from '../domain/settlement.js';
import type { RequestEnd, RequestRecord } from '../statement/statement-store.js';
import { MOVE_KINDS } from './move-kinds.js';

/**
 * One request of one account in one view of the book: its hold, how it went, and the entries that moved its money. The
 * hold of a carved request is entered with its grant, so that entry belongs to its trail. A grant itself is no request.
 * Operators name the transactions of wallets as they like, and may name one as a request: that is none of its entries, and
 * may be of another account.
 */
const REQUEST = `
SELECT hold.state, hold.amount, hold.basis, hold.grant_id, hold.charged, hold.overrun, hold.model AS held_model, line.*,
  ARRAY(
    SELECT jsonb_build_object('reference', reference, 'kind', kind, 'account', account_id, 'balance', balance, 'amount', amount::text,
      'at', floor(extract(epoch FROM created_at) * 1000))
    FROM ledger.entry AS entry
    WHERE entry.reference = ANY(ARRAY[$2, hold.grant_id]) AND (entry.reference = $2 OR entry.kind = 'hold') AND entry.kind NOT IN (${MOVE_KINDS})
    ORDER BY created_at, reference <> $2 DESC, kind, account_id LIKE 'platform:%', balance
  ) AS entries,
  ARRAY(
    SELECT jsonb_build_object('id', transaction_id, 'amount', amount::text, 'note', reason, 'at', floor(extract(epoch FROM created_at) * 1000))
    FROM ledger.credit WHERE kind = 'correction' AND source->>'request_id' = $2 AND account_id = $1 ORDER BY created_at, transaction_id
  ) AS corrections
FROM (SELECT $1::text AS account_id, $2::text AS request_id) AS asked
LEFT JOIN ledger.hold AS hold
  ON hold.request_id = asked.request_id AND hold.account_id = asked.account_id AND hold.basis <> 'grant'
LEFT JOIN LATERAL (
  SELECT ending, rule, flags, model, protocol, key_hint, attempts, started_at, duration_ms, created_at AS settled_at, units, cost_pico, price_version
  FROM ledger.usage WHERE request_id = asked.request_id AND account_id = asked.account_id
  UNION ALL
  SELECT ending, rule, flags, model, protocol, key_hint, attempts, started_at, duration_ms, created_at, NULL, NULL, NULL
  FROM ledger.unbilled WHERE request_id = asked.request_id AND account_id = asked.account_id
  LIMIT 1
) AS line ON true
WHERE hold.request_id IS NOT NULL OR line.rule IS NOT NULL`;

/** As JSON has it, whose numbers are not exact. */
type AmountAsText<T extends { readonly amount: bigint }> = Omit<T, 'amount'> & { readonly amount: string };

interface Row {
  readonly state: HoldState | null;
  readonly amount: NanoUsd;
  readonly basis: string;
  readonly grant_id: string | null;
  readonly charged: NanoUsd;
  readonly overrun: NanoUsd;
  readonly held_model: string | null;
  readonly rule: string | null;
  readonly ending: Ending;
  readonly flags: readonly string[];
  readonly model: string;
  readonly protocol: string;
  readonly key_hint: string;
  readonly attempts: UsageFact['outcome']['attempts'];
  readonly started_at: Date;
  readonly duration_ms: number;
  readonly settled_at: Date;
  readonly units: Usage | null;
  readonly cost_pico: PicoUsd | null;
  readonly price_version: string | null;
  readonly entries: readonly AmountAsText<ReceiptEntry>[];
  readonly corrections: readonly AmountAsText<ReceiptCorrection>[];
}

export async function readRequest(
  pool: Pool,
  accountId: string,
  requestId: string,
): Promise<RequestRecord | undefined> {
  const { rows } = await pool.query<Row>({ name: 'request', text: REQUEST, values: [accountId, requestId] });
  const [row] = rows;
  if (!row) return undefined;
  const { state, amount, basis, grant_id, charged, overrun, held_model, rule } = row;
  return {
    requestId,
    ...(state !== null && {
      hold: {
        ...{ state, amount, basis, charged, overrun },
        ...(grant_id !== null && { grantId: grant_id }),
        ...(held_model !== null && { model: held_model }),
      },
    }),
    ...(rule !== null && { end: endOf(row, rule) }),
    entries: row.entries.map((entry) => ({ ...entry, amount: BigInt(entry.amount) })),
    corrections: row.corrections.map((correction) => ({ ...correction, amount: BigInt(correction.amount) })),
  };
}

function endOf(row: Row, rule: string): RequestEnd {
  const { ending, flags, model, protocol, attempts, units, cost_pico, price_version } = row;
  return {
    ...{ ending, rule, flags, model, protocol, attempts },
    keyHint: row.key_hint,
    startedAt: row.started_at.getTime(),
    durationMs: row.duration_ms,
    endedAt: row.settled_at.getTime(),
    ...(units !== null &&
      cost_pico !== null && { billed: { units, costPico: cost_pico, priceVersion: price_version ?? '' } }),
  };
}
