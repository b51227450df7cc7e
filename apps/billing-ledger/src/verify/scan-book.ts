import type { Pool } from '@bytespike/database';

/** What a scan of the whole book may take: more than any has needed, less than the hour between two. */
const SCAN_MS_MAX = 600_000;

/** The pool's own way of planning is for small reads by an index; a scan reads everything, and joins it once. */
const SCAN_PLANS = `
SET LOCAL enable_seqscan = on; SET LOCAL plan_cache_mode = auto;
SET LOCAL work_mem = '64MB'`;

/** Runs one statement over the whole book, in the view that the scan began with. */
export type Scan = <Row extends object>(text: string) => Promise<readonly Row[]>;

/**
 * Reads one consistent view of the book, while it is in use: readers do not block writers. The time limits of the pool
 * are those of calls that somebody waits for, and a book grows out of them; a scan has its own, on both sides of the wire.
 */
export async function scanBook<T>(pool: Pool, read: (scan: Scan) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL statement_timeout = ${SCAN_MS_MAX}; ${SCAN_PLANS}`);
    const result = await read(async <Row extends object>(text: string) => {
      const query = { text, query_timeout: SCAN_MS_MAX + 1_000 };
      return (await client.query<Row>(query)).rows;
    });
    await client.query('COMMIT');
    return result;
  } finally {
    // Whatever state a broken scan left the session in, nobody else gets it.
    client.release(new Error('the scan is over'));
  }
}
