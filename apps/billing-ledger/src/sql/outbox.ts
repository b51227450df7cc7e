import type { Pool } from '@bytespike/database';

/** A fact to publish, as the transaction that it tells of has left it. */
export interface OutboxRow {
  readonly id: bigint;
  readonly subject: string;
  readonly payload: unknown;
}

/**
 * Ids are given under the lock of the wallet they tell of, so that the facts of one account are in the order in which they
 * became true.
 */
const WAITING = 'SELECT id, subject, payload FROM ledger.outbox WHERE published_at IS NULL ORDER BY id LIMIT $1';

const MARK = 'UPDATE ledger.outbox SET published_at = now() WHERE id = ANY($1::bigint[]) AND published_at IS NULL';

/** A few at a time, because the relay comes again soon. */
const PRUNE = `
DELETE FROM ledger.outbox WHERE id IN (
  SELECT id FROM ledger.outbox WHERE published_at < now() - make_interval(secs => $1::float8 / 1000) ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** For a gauge, which need not know how many more there are than very many. */
const COUNT =
  'SELECT count(*) AS waiting FROM (SELECT FROM ledger.outbox WHERE published_at IS NULL LIMIT 100000) AS fact';

export async function waitingFacts(pool: Pool, limit: number): Promise<readonly OutboxRow[]> {
  return (await pool.query<OutboxRow>(WAITING, [limit])).rows;
}

export async function markPublished(pool: Pool, ids: readonly bigint[]): Promise<void> {
  await pool.query(MARK, [ids]);
}

export async function prunePublished(pool: Pool, olderThanMs: number, limit: number): Promise<number> {
  return (await pool.query(PRUNE, [olderThanMs, limit])).rowCount ?? 0;
}

export async function countWaiting(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ waiting: bigint }>(COUNT);
  return Number(rows[0]?.waiting ?? 0n);
}
