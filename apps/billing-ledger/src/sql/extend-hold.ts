import { inTransaction, type Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { SizedHold } from '../domain/size-hold.js';
import type { ExtendResult } from '../store/ledger-store.js';
import { waitingForLocks, type LockMs } from './lock-waits.js';
import { readStandings } from './read-standings.js';
import { moveSpend } from './spend-moves.js';

/** Whoever moves money or a counter of an account locks its wallet first, so what is read after this stands still. */
const LOCK_WALLET = `SELECT id FROM ledger.account WHERE id = $1 AND ${waitingForLocks('$2')} FOR UPDATE`;

/**
 * An extension, all or nothing: the hold grows to the given amount when the wallet and every cap have room for what is
 * added. Each extension is a transaction of its own kind, named by the output it reaches, so that a repeat finds nothing
 * left to add. The counters that the hold is in grow in the bucket it is in.
 */
const EXTEND_HOLD = `
WITH open AS MATERIALIZED (
  SELECT request_id, amount, max_output_tokens, $4::bigint - amount AS added FROM ledger.hold
  WHERE request_id = $1 AND account_id = $2 AND input_hash = $3 AND state = 'held' AND grant_id IS NULL
  FOR UPDATE
), counted AS MATERIALIZED (
  SELECT * FROM ledger.counted($7::text[], $8::text[], now())
), over AS (
  SELECT FROM open CROSS JOIN unnest($9::text[], $10::text[], $11::bigint[]) AS cap(subject, span, limit_amount)
  LEFT JOIN counted ON counted.subject = cap.subject AND counted.span = cap.span
  WHERE counted.subject IS NULL OR open.added > greatest(cap.limit_amount - counted.settled - counted.held, 0)
), extended AS (
  UPDATE ledger.hold AS hold SET amount = $4::bigint, basis = $5, max_output_tokens = $6::int
  FROM open, ledger.account AS account
  WHERE hold.request_id = open.request_id AND account.id = hold.account_id
    AND open.max_output_tokens < $6::int AND open.added <= account.available AND NOT EXISTS (SELECT FROM over)
  RETURNING hold.request_id, hold.account_id, hold.counters, hold.counted_at, open.added
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'extend-' || $6::int, account_id, leg.balance, leg.amount
  FROM extended CROSS JOIN LATERAL (VALUES ('available', -added), ('held', added)) AS leg(balance, amount)
  WHERE leg.amount <> 0
), spent AS (${moveSpend('extended', { held: 'added', settled: '0' })}
), moved AS (
  UPDATE ledger.account AS account SET available = account.available - added, held = account.held + added
  FROM extended WHERE account.id = extended.account_id
)
SELECT amount, max_output_tokens, EXISTS (SELECT FROM extended) OR max_output_tokens >= $6::int AS stands FROM open`;

interface Row {
  /** As the hold stood before. */
  readonly amount: NanoUsd;
  readonly max_output_tokens: number;
  /** Whether it stands as high as asked, now or before. */
  readonly stands: boolean;
}

/** Lets a hold grow to what `hold` says, if there is room for it. Rejects when its wallet is waited for for longer than `lockMs`. */
export async function extendHold(pool: Pool, hold: SizedHold, lockMs: LockMs): Promise<ExtendResult> {
  const row = await tryOnce(pool, hold, lockMs);
  if (!row) return { kind: 'over' };
  if (row.stands) return { kind: 'extended' };
  const [standing] = await readStandings(pool, [hold]);
  if (!standing) throw new TypeError('a standing was asked for and none came');
  return { kind: 'refused', ...standing, hold: { amount: row.amount, maxOutputTokens: row.max_output_tokens } };
}

function tryOnce(pool: Pool, hold: SizedHold, lockMs: LockMs): Promise<Row | undefined> {
  const { requestId, accountId, hashInput, amount, basis, maxOutputTokens, caps } = hold;
  const subjects = [...new Set(caps.map(({ subject }) => subject))];
  return inTransaction(pool, async (client) => {
    await client.query({ name: 'lock-wallet', text: LOCK_WALLET, values: [accountId, lockMs] });
    const { rows } = await client.query<Row>({
      name: 'extend-hold',
      text: EXTEND_HOLD,
      values: [
        ...[requestId, accountId, hashInput(), amount, basis, maxOutputTokens],
        ...[subjects.map(() => accountId), subjects],
        ...[caps.map(({ subject }) => subject), caps.map(({ span }) => span), caps.map(({ limit }) => limit)],
      ],
    });
    return rows[0];
  });
}
