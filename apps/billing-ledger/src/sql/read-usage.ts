import type { Pool } from '@bytespike/database';
import type { NanoUsd, Usage } from '@bytespike/kernel';

import type { UsageQuery, UsageRecord } from '../domain/usage-page.js';

/** Newest first; a page begins strictly after the row its cursor names, so rows that arrive meanwhile shift nothing. */
const USAGE_PAGE = `
SELECT request_id, created_at, model, protocol, key_id, key_hint, units, cost, ending
FROM ledger.usage
WHERE account_id = $1
  AND ($2::text IS NULL OR key_id = $2 OR key_hint = $2)
  AND ($3::text IS NULL OR model = $3)
  AND ($4::float8 IS NULL OR created_at >= to_timestamp($4 / 1000))
  AND ($5::float8 IS NULL OR created_at < to_timestamp($5 / 1000))
  AND ($6::float8 IS NULL OR (created_at, request_id) < (to_timestamp($6 / 1000), $7::text))
ORDER BY created_at DESC, request_id DESC
LIMIT $8`;

interface Row {
  readonly request_id: string;
  readonly created_at: Date;
  readonly model: string;
  readonly protocol: UsageRecord['protocol'];
  readonly key_id: string;
  readonly key_hint: string;
  readonly units: Usage;
  readonly cost: NanoUsd;
  readonly ending: string;
}

export async function readUsage(pool: Pool, query: UsageQuery): Promise<readonly UsageRecord[]> {
  const { accountId, keyId, model, since, until, after, limit } = query;
  const values = [accountId, keyId, model, since, until, after?.createdAt, after?.requestId, limit];
  const { rows } = await pool.query<Row>(
    USAGE_PAGE,
    values.map((value) => value ?? null),
  );
  return rows.map((row) => ({
    requestId: row.request_id,
    createdAt: row.created_at.getTime(),
    model: row.model,
    protocol: row.protocol,
    keyId: row.key_id,
    keyHint: row.key_hint,
    units: row.units,
    cost: row.cost,
    ending: row.ending,
  }));
}
