import { inTransaction, type Pool } from '@bytespike/database';

import type { Projection } from './projections.js';

export interface Rebuilt {
  /** Rows that were not what they should have been. */
  readonly differed: number;
  /** The first few, in words. */
  readonly samples: readonly string[];
}

const SAMPLES_MAX = 20;

/** Two at once would each add what both have found missing. */
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtext('ledger.rebuild'))`;

/**
 * Adds to each row what is missing from it, in one statement. The difference between rows and fold is that of one view of the
 * book, and whoever writes meanwhile adds the same to both, so the difference stays what it is: a ledger that is in use goes
 * on. Wallets are locked first and in id order, as in every batch.
 */
function statementFor({ table, key, summed, known, fold }: Projection): string {
  const names = key.join(', ');
  const missing = (one: string): string => `(coalesce(fold.${one}, 0) - coalesce(known.${one}, 0))::bigint`;
  const beside = (one: string): string =>
    `'${one} ' || coalesce(known.${one}, 0) || ' for ' || coalesce(fold.${one}, 0)`;
  return `
WITH known AS (${known}), fold AS (${fold}), differing AS MATERIALIZED (
  SELECT ${names}, known.stands IS NOT NULL AS stands, ${summed.map((one) => `${missing(one)} AS ${one}`).join(', ')},
    concat_ws(' ', ${names}) || ': ' || concat_ws(', ', ${summed.map((one) => `CASE WHEN ${missing(one)} <> 0 THEN ${beside(one)} END`).join(', ')}) AS what
  FROM (SELECT *, true AS stands FROM known) AS known FULL JOIN fold USING (${names})
  WHERE ${summed.map((one) => `${missing(one)} <> 0`).join(' OR ')}
), wallet AS MATERIALIZED (
  SELECT id FROM ledger.account WHERE id IN (SELECT account_id FROM differing) ORDER BY id FOR UPDATE
), changed AS (
  UPDATE ${table} AS known SET ${summed.map((one) => `${one} = known.${one} + differing.${one}`).join(', ')}
  FROM differing
  WHERE stands AND ${key.map((one) => `known.${one} = differing.${one}`).join(' AND ')} AND (SELECT count(*) FROM wallet) >= 0
), added AS (
  INSERT INTO ${table} AS known (${names}, ${summed.join(', ')})
  SELECT ${names}, ${summed.join(', ')} FROM differing WHERE NOT stands AND (SELECT count(*) FROM wallet) >= 0 ORDER BY ${names}
  ON CONFLICT (${names}) DO UPDATE SET ${summed.map((one) => `${one} = known.${one} + excluded.${one}`).join(', ')}
)
SELECT what, count(*) OVER () AS total FROM differing ORDER BY what LIMIT ${SAMPLES_MAX}`;
}

/** Makes a projection what it should be, in one transaction, also while the ledger is in use. A second time nothing differs. */
export function rebuildProjection(pool: Pool, projection: Projection): Promise<Rebuilt> {
  return inTransaction(pool, async (client) => {
    await client.query(ONE_AT_A_TIME);
    const { rows } = await client.query<{ what: string; total: bigint }>(statementFor(projection));
    // Of accounts whose wallets are locked by now: nobody else leaves such rows.
    if (projection.empty !== undefined) await client.query(`DELETE FROM ${projection.table} WHERE ${projection.empty}`);
    return { differed: Number(rows[0]?.total ?? 0n), samples: rows.map(({ what }) => what) };
  });
}
