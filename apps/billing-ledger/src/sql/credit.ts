import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { PLATFORM } from '../domain/platform-accounts.js';
import { MOVES, type MoveResult, type WalletMove } from '../domain/wallet-move.js';
import type { Credit, CreditResult } from '../store/ledger-store.js';

/** The wallet has to stand before it is locked: nobody can lock a row that is not there. */
const OPEN_WALLET = 'INSERT INTO ledger.account (id) VALUES ($1) ON CONFLICT DO NOTHING';

/**
 * Posts one movement of a wallet once per transaction id: the wallet, its legs, the reason and the fact to publish, or none
 * of them. A debit beyond what is available is not posted. A refund takes what is there, principal first, because that is
 * money which has left the platform; principal that is not there is booked as our loss. The sum of the legs is zero
 * whatever was taken.
 */
const MOVE = `
WITH wallet AS MATERIALIZED (
  SELECT available FROM ledger.account WHERE id = $2 FOR UPDATE
), given AS (
  SELECT available, CASE WHEN $9 = 'lost' THEN greatest($3::bigint, -available) ELSE $3::bigint END AS principal FROM wallet
), sized AS (
  SELECT available, principal, CASE WHEN $9 = 'lost' THEN greatest($4::bigint, -(available + principal)) ELSE $4::bigint END AS bonus FROM given
), fresh AS (
  INSERT INTO ledger.credit (transaction_id, account_id, amount, bonus, kind, balance_after, source, reason, actor)
  SELECT $1, $2, principal + bonus, bonus, $5, available + principal + bonus, $6::jsonb, $7, $8
  FROM sized WHERE available + principal + bonus >= 0
  ON CONFLICT DO NOTHING
  RETURNING transaction_id, account_id, amount, bonus, balance_after, reason, created_at
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT transaction_id, $10, leg.account_id, leg.balance, leg.amount
  FROM fresh CROSS JOIN LATERAL (VALUES
    (account_id, 'available', amount),
    ($11, 'posted', -$3::bigint),
    ('${PLATFORM.promotion}', 'posted', -bonus),
    ('${PLATFORM.refundLoss}', 'posted', $3::bigint - (amount - bonus))
  ) AS leg(account_id, balance, amount)
  WHERE leg.amount <> 0
), told AS (
  INSERT INTO ledger.outbox (subject, message_id, payload)
  SELECT $12, $12 || ' ' || transaction_id, jsonb_build_object('transactionId', transaction_id, 'accountId', account_id,
    'amount', amount::text, 'bonus', bonus::text, 'available', balance_after::text, 'reason', reason,
    'at', floor(extract(epoch FROM created_at) * 1000))
  FROM fresh
)
UPDATE ledger.account AS account SET available = fresh.balance_after
FROM fresh WHERE account.id = fresh.account_id
RETURNING account.available, fresh.amount, fresh.bonus`;

/** What a transaction id stands for already. A refund is the same when it asks the same, whatever it could take. */
const EARLIER = `
SELECT account.available, credit.amount, credit.bonus,
  credit.account_id = $2 AND credit.kind = $5 AND credit.source IS NOT DISTINCT FROM $6::jsonb
    AND CASE WHEN credit.kind = 'refund' THEN asked.principal = -$3::bigint
      ELSE credit.amount = $3::bigint + $4::bigint AND credit.bonus = $4::bigint END AS same
FROM ledger.credit AS credit
JOIN ledger.account AS account ON account.id = credit.account_id
LEFT JOIN LATERAL (
  SELECT sum(amount) AS principal FROM ledger.entry
  WHERE reference = credit.transaction_id AND kind = 'refund' AND account_id = '${PLATFORM.refund}'
) AS asked ON credit.kind = 'refund'
WHERE credit.transaction_id = $1`;

interface Moved {
  readonly available: NanoUsd;
  readonly amount: NanoUsd;
  readonly bonus: NanoUsd;
}

export async function moveWallet(pool: Pick<Pool, 'query'>, move: WalletMove): Promise<MoveResult> {
  const { transactionId, accountId, kind, principal, bonus, source, reason, actor } = move;
  const rule = MOVES[kind];
  if (kind !== 'admin_debit') await pool.query(OPEN_WALLET, [accountId]);
  const asked = [transactionId, accountId, principal, bonus, kind, source ? JSON.stringify(source) : null];
  const posted = await pool.query<Moved>(MOVE, [
    ...asked,
    ...[reason, actor, rule.beyond, rule.entry, rule.against, rule.subject],
  ]);
  const [fresh] = posted.rows;
  if (fresh) return { kind: 'moved', ...fresh };
  const { rows } = await pool.query<Moved & { same: boolean }>(EARLIER, asked);
  const [earlier] = rows;
  if (!earlier) return { kind: 'uncovered' };
  const { same, ...before } = earlier;
  return same ? { kind: 'repeated', ...before } : { kind: 'conflict' };
}

/** An operator's credit, or with a negative amount debit. */
export async function postCredit(pool: Pool, { amount, ...credit }: Credit): Promise<CreditResult> {
  const kind = amount > 0n ? 'admin_credit' : 'admin_debit';
  const result = await moveWallet(pool, { ...credit, kind, principal: amount, bonus: 0n, source: undefined });
  if (result.kind === 'conflict' || result.kind === 'uncovered') return result;
  return { kind: result.kind === 'moved' ? 'credited' : 'repeated', available: result.available };
}
