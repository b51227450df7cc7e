import type { Pool } from '@bytespike/database';

/** Makes what is missing from this month on (migration `ledger_months`); several ledgers may ask at once. */
const MAKE_MONTHS = `SELECT ledger.make_months(now(), now() + make_interval(months => $1))`;

/** The furthest month for which every table of the book has its partition, counted from this one. */
const MONTHS_AHEAD = `
SELECT coalesce(min(ahead), -1) AS ahead FROM (
  SELECT max(12 * extract(year FROM age) + extract(month FROM age))::int AS ahead
  FROM ledger.month, age(first_day, date_trunc('month', now() AT TIME ZONE 'UTC')) AS age
  GROUP BY "of"
) AS book`;

/** A partition of the book, as `npm run ledger -- partitions` lists it. */
export interface Month {
  readonly of: string;
  readonly name: string;
  readonly bytes: bigint;
  readonly rows: bigint;
}

export async function makeMonths(pool: Pool, ahead: number): Promise<number> {
  await pool.query(MAKE_MONTHS, [ahead]);
  const { rows } = await pool.query<{ ahead: number }>(MONTHS_AHEAD);
  return rows[0]?.ahead ?? -1;
}

export async function readMonths(pool: Pool): Promise<readonly Month[]> {
  const { rows } = await pool.query<Month>('SELECT "of", name, bytes, rows FROM ledger.month ORDER BY "of", first_day');
  return rows;
}
