import { inTransaction, type Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { PLATFORM } from '../domain/platform-accounts.js';
import type { VendorDay } from '../reconcile/read-export.js';

const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('ledger.vendor_cost'))";

/**
 * Keeps what a vendor says, and books what that adds to what it said before: a first import all of it, a second one the
 * difference. The legs name the import by its moment, since a day may be said again and again.
 */
const IMPORT = `
WITH item AS MATERIALIZED (
  SELECT $1::text AS vendor, day, model, input_tokens, output_tokens, images, seconds, cost
  FROM unnest($2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
    AS t(day, model, input_tokens, output_tokens, images, seconds, cost)
), before AS MATERIALIZED (
  SELECT known.vendor, known.day, known.model, known.cost FROM ledger.vendor_cost AS known JOIN item USING (vendor, day, model)
), kept AS (
  INSERT INTO ledger.vendor_cost (vendor, day, model, input_tokens, output_tokens, images, seconds, cost)
  SELECT vendor, day, model, input_tokens, output_tokens, images, seconds, cost FROM item
  ON CONFLICT (vendor, day, model) DO UPDATE
    SET input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, images = excluded.images, seconds = excluded.seconds,
      cost = excluded.cost, imported_at = now()
  RETURNING vendor, day, model, cost
), change AS (
  SELECT vendor, day, model, kept.cost - coalesce(before.cost, 0) AS amount
  FROM kept LEFT JOIN before USING (vendor, day, model) WHERE kept.cost <> coalesce(before.cost, 0)
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT concat_ws(' ', vendor, day, model, 'as of', extract(epoch FROM now())), 'vendor-cost', leg.account_id, 'posted', leg.amount
  FROM change CROSS JOIN LATERAL (VALUES ('${PLATFORM.vendorCost}', -amount), ('${PLATFORM.vendorPayable}', amount)) AS leg(account_id, amount)
)
SELECT coalesce(sum(amount), 0)::bigint AS booked FROM change`;

/** Imports an export; answers what it has added to what we owe. */
export function importVendorCost(pool: Pool, vendor: string, days: readonly VendorDay[]): Promise<NanoUsd> {
  return inTransaction(pool, async (client) => {
    await client.query(ONE_AT_A_TIME);
    const { rows } = await client.query<{ booked: NanoUsd }>(IMPORT, [
      vendor,
      days.map(({ day }) => day),
      days.map(({ model }) => model),
      days.map(({ inputTokens }) => inputTokens),
      days.map(({ outputTokens }) => outputTokens),
      days.map(({ images = 0n }) => images),
      days.map(({ seconds = 0n }) => seconds),
      days.map(({ cost }) => cost),
    ]);
    return rows[0]?.booked ?? 0n;
  });
}
