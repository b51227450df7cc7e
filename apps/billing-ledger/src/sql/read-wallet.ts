import type { Movement } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { MovementsQuery, WalletFacts } from '../statement/statement-store.js';

const MOVEMENTS = `
SELECT transaction_id, created_at, kind, amount, bonus, balance_after, source, actor, reason
FROM ledger.credit
WHERE account_id = $1 AND ($2::text IS NULL OR kind = $2)
  AND ($3::float8 IS NULL OR created_at >= to_timestamp($3 / 1000)) AND ($4::float8 IS NULL OR created_at < to_timestamp($4 / 1000))
ORDER BY created_at DESC, transaction_id DESC
LIMIT $5 OFFSET $6`;

const MOVEMENTS_IN_ALL = `
SELECT count(*) AS total FROM ledger.credit
WHERE account_id = $1 AND ($2::text IS NULL OR kind = $2)
  AND ($3::float8 IS NULL OR created_at >= to_timestamp($3 / 1000)) AND ($4::float8 IS NULL OR created_at < to_timestamp($4 / 1000))`;

interface MovementRow {
  readonly transaction_id: string;
  readonly created_at: Date;
  readonly kind: Movement['kind'];
  readonly amount: NanoUsd;
  readonly bonus: NanoUsd;
  readonly balance_after: NanoUsd;
  readonly source: Readonly<Record<string, string>> | null;
  readonly actor: string;
  readonly reason: string;
}

/** A page of movements, and how many there are. */
export async function readMovements(
  pool: Pool,
  { accountId, kind, since, until, limit, offset }: MovementsQuery,
): Promise<{ items: Movement[]; total: number }> {
  const filter = [accountId, kind ?? null, since ?? null, until ?? null];
  const [page, all] = await Promise.all([
    pool.query<MovementRow>(MOVEMENTS, [...filter, limit, offset]),
    pool.query<{ total: bigint }>(MOVEMENTS_IN_ALL, filter),
  ]);
  return { items: page.rows.map(movementOf), total: Number(all.rows[0]?.total ?? 0n) };
}

const movementOf = (row: MovementRow): Movement => ({
  id: row.transaction_id,
  createdAt: row.created_at.getTime(),
  kind: row.kind,
  amount: row.amount,
  bonus: row.bonus,
  balanceAfter: row.balance_after,
  ...(row.source && { source: { ...row.source } }),
  actor: row.actor,
  note: row.reason,
});

/**
 * What was spent follows from what came in and what is left, which is why no row of usage need be read. A correction gave a
 * charge back: what it gave was not spent.
 */
const WALLET = `
SELECT coalesce(account.available, 0) AS available, coalesce(account.held, 0) AS held, account.low_at, coalesce(account.is_low, false) AS is_low,
  coalesce(moved.topped_up, 0)::bigint AS topped_up,
  coalesce(moved.received, 0)::bigint - coalesce(account.available, 0) - coalesce(account.held, 0) AS spent
FROM (SELECT sum(amount) FILTER (WHERE kind = 'topup') AS topped_up, sum(amount) FILTER (WHERE kind <> 'correction') AS received
  FROM ledger.credit WHERE account_id = $1) AS moved
LEFT JOIN ledger.account AS account ON account.id = $1`;

interface WalletRow {
  readonly available: NanoUsd;
  readonly held: NanoUsd;
  readonly low_at: NanoUsd | null;
  readonly is_low: boolean;
  readonly topped_up: NanoUsd;
  readonly spent: NanoUsd;
}

/** An account that nobody has credited has an empty wallet. */
export async function readWallet(pool: Pool, accountId: string): Promise<WalletFacts> {
  const { rows } = await pool.query<WalletRow>(WALLET, [accountId]);
  const [row] = rows;
  return {
    available: row?.available ?? 0n,
    held: row?.held ?? 0n,
    lifetimeTopup: row?.topped_up ?? 0n,
    lifetimeSpent: row?.spent ?? 0n,
    ...(row && row.low_at !== null && { lowAt: row.low_at }),
    isLow: row?.is_low ?? false,
  };
}

const SPENT_BY_MODEL = `
SELECT model, sum(cost)::bigint AS cost FROM ledger.usage_quarter WHERE account_id = $1 GROUP BY model ORDER BY model`;

export async function spentByModel(pool: Pool, accountId: string): Promise<{ model: string; cost: NanoUsd }[]> {
  return (await pool.query<{ model: string; cost: NanoUsd }>(SPENT_BY_MODEL, [accountId])).rows;
}
