import type { Pool } from '../create-pool.js';

/**
 * How often an index has been read, by whatever statement: which way a kept plan goes is seen nowhere else. Of a pool with one
 * connection, which tells its numbers when it is asked to.
 */
export async function readsOfIndex(pool: Pool, index: string): Promise<number> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ scans: bigint }>('SELECT pg_stat_get_numscans($1::regclass) AS scans', [index]);
  return Number(rows[0]?.scans);
}
