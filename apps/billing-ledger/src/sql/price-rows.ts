import type { Pool } from '@bytespike/database';

import type { OfferedPrice, PriceRow } from '../store/ledger-store.js';

const COLUMNS = 'id, model, prices AS "usdPerMillion", status';

/** Keeps what is new; what is known stays as it was first seen. */
const RECORD = `
INSERT INTO ledger.price_version (id, model, prices, status, effective_from)
SELECT id, model, prices::jsonb, status, coalesce(to_timestamp(sold_from / 1000), now())
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[]) AS t(id, model, prices, status, sold_from)
ON CONFLICT DO NOTHING`;

export async function recordPriceRows(pool: Pool, prices: readonly OfferedPrice[]): Promise<readonly PriceRow[]> {
  const ids = prices.map(({ id }) => id);
  await pool.query(RECORD, [
    ids,
    prices.map(({ model }) => model),
    prices.map(({ usdPerMillion }) => JSON.stringify(usdPerMillion)),
    prices.map(({ status }) => status),
    prices.map(({ soldFrom }) => soldFrom ?? null),
  ]);
  const { rows } = await pool.query<PriceRow>(`SELECT ${COLUMNS} FROM ledger.price_version WHERE id = ANY($1)`, [ids]);
  return rows;
}

export async function readPriceRows(pool: Pool): Promise<readonly PriceRow[]> {
  const { rows } = await pool.query<PriceRow>(`SELECT ${COLUMNS} FROM ledger.price_version`);
  return rows;
}

/** A version's end is the beginning of the model's next. */
const HISTORY = `
SELECT id, prices AS "usdPerMillion", status, effective_from AS "from", lead(effective_from) OVER (ORDER BY effective_from, recorded_at, id) AS until
FROM ledger.price_version WHERE model = $1 ORDER BY effective_from, recorded_at, id`;

/** When a version of a price was sold. */
export interface SoldPeriod extends Omit<PriceRow, 'model'> {
  readonly from: Date;
  /** Absent: it is sold. */
  readonly until: Date | null;
}

/** The prices of a model in the order in which they were sold. */
export async function readPriceHistory(pool: Pool, model: string): Promise<readonly SoldPeriod[]> {
  const { rows } = await pool.query<SoldPeriod>(HISTORY, [model]);
  return rows;
}
