import { createPool } from '@bytespike/database';
import { withTestDatabase } from '@bytespike/database/testing';

import { scanBook } from './scan-book.js';

describe('a scan of the book', () => {
  it('outlives the limits of the calls that share its pool, and leaves them as they were', async () => {
    const database = await withTestDatabase();
    const pool = createPool(database.url, { max: 1, statementTimeoutMs: 200, applicationName: 'scan' });
    try {
      const rows = await scanBook(pool, (scan) => scan<{ slept: string }>("SELECT 'well' AS slept FROM pg_sleep(1.3)"));
      expect(rows).toEqual([{ slept: 'well' }]);
      await expect(pool.query('SELECT pg_sleep(1.3)')).rejects.toThrow('statement timeout');
    } finally {
      await pool.end();
      await database.drop();
    }
  });
});
