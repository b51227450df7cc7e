import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { Credit, CreditResult } from '../ledger-store.js';

/**
 * Posts a credit, or with a negative amount a debit, once per transaction id: the wallet, the funding account and the
 * reason, or none of them. A debit beyond what is available is not posted.
 */
const CREDIT = `
WITH wallet AS MATERIALIZED (
  SELECT available FROM ledger.account WHERE id = $2 FOR UPDATE
), fresh AS (
  INSERT INTO ledger.credit (transaction_id, account_id, amount, reason, actor)
  SELECT $1, $2, $3::bigint, $4, $5
  WHERE $3::bigint > 0 OR (SELECT available FROM wallet) + $3::bigint >= 0
  ON CONFLICT DO NOTHING
  RETURNING transaction_id, account_id, amount
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT transaction_id, 'credit', leg.account_id, leg.balance, leg.amount
  FROM fresh CROSS JOIN LATERAL (VALUES (account_id, 'available', amount), ('platform:funding', 'posted', -amount)) AS leg(account_id, balance, amount)
)
INSERT INTO ledger.account AS account (id, available) SELECT account_id, greatest(amount, 0) FROM fresh
ON CONFLICT (id) DO UPDATE SET available = account.available + $3::bigint
RETURNING account.available`;

const EARLIER = `
SELECT credit.account_id, credit.amount, account.available
FROM ledger.credit AS credit JOIN ledger.account AS account ON account.id = credit.account_id
WHERE credit.transaction_id = $1`;

interface EarlierRow {
  readonly account_id: string;
  readonly amount: NanoUsd;
  readonly available: NanoUsd;
}

export async function postCredit(pool: Pool, credit: Credit): Promise<CreditResult> {
  const { transactionId, accountId, amount, reason, actor } = credit;
  const posted = await pool.query<{ available: NanoUsd }>(CREDIT, [transactionId, accountId, amount, reason, actor]);
  const [fresh] = posted.rows;
  if (fresh) return { kind: 'credited', available: fresh.available };
  const { rows } = await pool.query<EarlierRow>(EARLIER, [transactionId]);
  const [earlier] = rows;
  if (!earlier) return { kind: 'uncovered' };
  const isSame = earlier.account_id === accountId && earlier.amount === amount;
  return isSame ? { kind: 'repeated', available: earlier.available } : { kind: 'conflict' };
}
