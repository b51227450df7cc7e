import type { Pool } from '@bytespike/database';

import type { FreeEnd } from '../domain/free-end.js';

/** Once each: a fact may come again. No money is in it, so nothing has to be locked. */
const KEEP_FREE = `
INSERT INTO ledger.unbilled (request_id, account_id, key_id, key_hint, model, protocol, stream, ending, rule, flags, attempts, started_at, duration_ms)
SELECT DISTINCT ON (request_id) request_id, account_id, key_id, key_hint, model, protocol, stream, ending, rule, '{}'::text[], attempts::jsonb,
  to_timestamp(started_ms / 1000), duration_ms
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[], $9::text[], $10::text[], $11::float8[], $12::int[])
  AS t(request_id, account_id, key_id, key_hint, model, protocol, stream, ending, rule, attempts, started_ms, duration_ms)
WHERE NOT EXISTS (SELECT FROM ledger.unbilled AS known WHERE known.request_id = t.request_id)`;

export async function keepFree(pool: Pool, ends: readonly FreeEnd[]): Promise<void> {
  if (ends.length === 0) return;
  const values = [
    ends.map((end) => end.requestId),
    ends.map((end) => end.accountId),
    ends.map((end) => end.keyId),
    ends.map((end) => end.keyHint),
    ends.map((end) => end.model),
    ends.map((end) => end.protocol),
    ends.map((end) => end.stream),
    ends.map((end) => end.ending),
    ends.map((end) => end.rule),
    ends.map((end) => JSON.stringify(end.attempts)),
    ends.map((end) => end.startedAt),
    ends.map((end) => end.durationMs),
  ];
  await pool.query({ name: 'keep-free', text: KEEP_FREE, values });
}
