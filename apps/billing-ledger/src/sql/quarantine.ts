import type { QuarantinedFact } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { QuarantineQuery } from '../corrections/correction-store.js';

/** Newest first; a page begins strictly after the fact its cursor names. */
const QUARANTINED = `
SELECT quarantine.request_id, hold.account_id, quarantine.reason, hold.amount, quarantine.fact,
  extract(epoch FROM quarantine.created_at) * 1000 AS at,
  decision.charged, decision.note, decision.actor, extract(epoch FROM decision.created_at) * 1000 AS decided_at
FROM ledger.quarantine AS quarantine
JOIN ledger.hold AS hold ON hold.request_id = quarantine.request_id
LEFT JOIN ledger.quarantine_decision AS decision ON decision.request_id = quarantine.request_id
WHERE (decision.request_id IS NOT NULL) = $1
  AND ($2::float8 IS NULL OR (quarantine.created_at, quarantine.request_id) < (to_timestamp($2 / 1000), $3::text))
ORDER BY quarantine.created_at DESC, quarantine.request_id DESC
LIMIT $4`;

interface Row {
  readonly request_id: string;
  readonly account_id: string;
  readonly reason: string;
  readonly amount: NanoUsd;
  readonly fact: unknown;
  readonly at: string;
  readonly charged: NanoUsd | null;
  readonly note: string | null;
  readonly actor: string | null;
  readonly decided_at: string | null;
}

export async function readQuarantine(pool: Pool, query: QuarantineQuery): Promise<readonly QuarantinedFact[]> {
  const { decided, after, limit } = query;
  const values = [decided, after?.at ?? null, after?.requestId ?? null, limit];
  const { rows } = await pool.query<Row>(QUARANTINED, values);
  return rows.map((row) => ({
    requestId: row.request_id,
    accountId: row.account_id,
    why: row.reason,
    held: row.amount,
    fact: row.fact,
    at: Math.round(Number(row.at)),
    ...(row.charged !== null && {
      decision: {
        charged: row.charged,
        note: row.note ?? '',
        actor: row.actor ?? '',
        at: Math.round(Number(row.decided_at)),
      },
    }),
  }));
}
