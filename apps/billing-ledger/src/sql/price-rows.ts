import type { Pool } from '@bytespike/database';

import type { PriceRow } from '../ledger-store.js';

const COLUMNS = 'id, model, prices AS "usdPerMillion", status';

/** Keeps what is new; what is known stays as it was first seen. */
const RECORD = `
INSERT INTO ledger.price_version (id, model, prices, status)
SELECT id, model, prices::jsonb, status FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t(id, model, prices, status)
ON CONFLICT DO NOTHING`;

export async function recordPriceRows(pool: Pool, prices: readonly PriceRow[]): Promise<readonly PriceRow[]> {
  const ids = prices.map(({ id }) => id);
  await pool.query(RECORD, [
    ids,
    prices.map(({ model }) => model),
    prices.map(({ usdPerMillion }) => JSON.stringify(usdPerMillion)),
    prices.map(({ status }) => status),
  ]);
  const { rows } = await pool.query<PriceRow>(`SELECT ${COLUMNS} FROM ledger.price_version WHERE id = ANY($1)`, [ids]);
  return rows;
}

export async function readPriceRows(pool: Pool): Promise<readonly PriceRow[]> {
  const { rows } = await pool.query<PriceRow>(`SELECT ${COLUMNS} FROM ledger.price_version`);
  return rows;
}
