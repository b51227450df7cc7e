import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

const ENDS = `SELECT request_id, charged FROM ledger.hold WHERE request_id = ANY($1::text[]) AND state <> 'held'`;

/** Which of these requests have ended, and what each was charged. */
export async function readEnds(pool: Pool, requestIds: readonly string[]): Promise<ReadonlyMap<string, NanoUsd>> {
  const { rows } = await pool.query<{ request_id: string; charged: NanoUsd }>(ENDS, [requestIds]);
  return new Map(rows.map(({ request_id, charged }) => [request_id, charged]));
}
