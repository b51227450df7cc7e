import type { Pool } from './create-pool.js';

/** Several statements as one, for what is rare: what everybody waits for is a single statement. Rolls back when `work` rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: Pick<Pool, 'query'>) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // Closing the connection rolls back, also where the server cannot be told to.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}
