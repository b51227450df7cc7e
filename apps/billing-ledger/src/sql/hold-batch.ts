import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { firstByRequest } from '../domain/first-by-request.js';
import { firstFit } from '../domain/first-fit.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { HoldResult, HoldState, StoredHold, Wallet } from '../ledger-store.js';

/**
 * Admission of a batch, in one statement: lock the wallets in id order (so that no two batches wait for each other),
 * set aside ids that are known already (a replay must not count against the rest), admit by running sum against what
 * is available, and write holds, entries and wallets. What is posted derives from the rows that were really inserted,
 * so a replay, also one that races, changes nothing.
 */
const HOLD_BATCH = `
WITH item AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::text[], $8::text[], $9::float8[])
    WITH ORDINALITY AS t(request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_ms, place)
), wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id = ANY($2) ORDER BY id FOR UPDATE
), known AS MATERIALIZED (
  SELECT request_id, state, amount, basis, max_output_tokens, input_hash FROM ledger.hold WHERE request_id = ANY($1)
), claim AS (
  SELECT item.*, sum(item.amount) OVER (PARTITION BY item.account_id ORDER BY item.place) <= coalesce(wallet.available, 0) AS fits
  FROM item LEFT JOIN wallet ON wallet.id = item.account_id
  WHERE item.request_id NOT IN (SELECT request_id FROM known)
), admitted AS (
  INSERT INTO ledger.hold (request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_at)
  SELECT request_id, account_id, key_id, amount, basis, max_output_tokens, string_to_array(price_versions, ' '), input_hash, to_timestamp(expires_ms / 1000)
  FROM claim WHERE fits
  ON CONFLICT DO NOTHING
  RETURNING request_id, account_id, amount
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'hold', account_id, leg.balance, leg.amount
  FROM admitted CROSS JOIN LATERAL (VALUES ('available', -amount), ('held', amount)) AS leg(balance, amount)
  WHERE leg.amount <> 0
), moved AS (
  UPDATE ledger.account AS account SET available = account.available - taken.amount, held = account.held + taken.amount
  FROM (SELECT account_id, sum(amount)::bigint AS amount FROM admitted GROUP BY account_id) AS taken
  WHERE account.id = taken.account_id
  RETURNING account.id, account.available, account.held
)
SELECT 'admitted' AS kind, request_id AS id, NULL::bigint AS available, NULL::bigint AS held, NULL AS state, NULL::bigint AS amount, NULL AS basis, NULL::int AS max_output_tokens, NULL AS input_hash FROM admitted
UNION ALL SELECT 'known', request_id, NULL, NULL, state, amount, basis, max_output_tokens, input_hash FROM known
UNION ALL SELECT 'wallet', id, available, held, NULL, NULL, NULL, NULL, NULL FROM wallet WHERE id NOT IN (SELECT id FROM moved)
UNION ALL SELECT 'wallet', id, available, held, NULL, NULL, NULL, NULL, NULL FROM moved`;

type Row =
  | { readonly kind: 'admitted'; readonly id: string }
  | {
      readonly kind: 'known';
      readonly id: string;
      readonly state: HoldState;
      readonly amount: NanoUsd;
      readonly basis: string;
      readonly max_output_tokens: number;
      readonly input_hash: string;
    }
  | { readonly kind: 'wallet'; readonly id: string; readonly available: NanoUsd; readonly held: NanoUsd };

/** Enough rounds for any batch without a competing writer; with one, what is left is refused and the caller repeats. */
const ROUNDS_MAX = 4;

const EMPTY: Wallet = { available: 0n, held: 0n };

/** Admits a batch; items refused only because a larger one stood before them get another round. */
export async function holdBatch(pool: Pool, items: readonly SizedHold[]): Promise<readonly HoldResult[]> {
  const results = new Map<string, HoldResult>();
  const wallets = new Map<string, Wallet>();
  const walletOf = (accountId: string): Wallet => wallets.get(accountId) ?? EMPTY;
  const { first, isRepeat } = firstByRequest(items);
  let round: readonly SizedHold[] = [...first.values()];
  for (let count = 0; round.length > 0 && count < ROUNDS_MAX; count += 1) {
    const answer = await runRound(pool, round);
    for (const [id, wallet] of answer.wallets) wallets.set(id, wallet);
    for (const item of round) {
      const known = answer.known.get(item.requestId);
      const wallet = walletOf(item.accountId);
      if (answer.admitted.has(item.requestId)) results.set(item.requestId, { kind: 'admitted', wallet });
      else if (known) results.set(item.requestId, { kind: 'known', wallet, hold: known });
      else results.set(item.requestId, { kind: 'refused', wallet });
    }
    const refused = round.filter(({ requestId }) => results.get(requestId)?.kind === 'refused');
    round = firstFit(refused, (accountId) => walletOf(accountId).available);
  }
  return items.map((item, place) => {
    const result = results.get(item.requestId) ?? { kind: 'refused', wallet: walletOf(item.accountId) };
    const original = first.get(item.requestId);
    // The same request twice in one batch: the second is told what the first was admitted as.
    return original && isRepeat(place) && result.kind === 'admitted'
      ? { kind: 'known', wallet: result.wallet, hold: { ...original, state: 'held' } }
      : result;
  });
}

async function runRound(pool: Pool, items: readonly SizedHold[]) {
  const { rows } = await pool.query<Row>({
    name: 'hold-batch',
    text: HOLD_BATCH,
    values: [
      items.map((item) => item.requestId),
      items.map((item) => item.accountId),
      items.map((item) => item.keyId),
      items.map((item) => item.amount),
      items.map((item) => item.basis),
      items.map((item) => item.maxOutputTokens),
      items.map((item) => item.priceVersions.join(' ')),
      items.map((item) => item.inputHash),
      items.map((item) => item.expiresAt),
    ],
  });
  const admitted = new Set<string>();
  const known = new Map<string, StoredHold>();
  const wallets = new Map<string, Wallet>();
  for (const row of rows) {
    if (row.kind === 'admitted') admitted.add(row.id);
    else if (row.kind === 'wallet') wallets.set(row.id, { available: row.available, held: row.held });
    else known.set(row.id, { ...row, maxOutputTokens: row.max_output_tokens, inputHash: row.input_hash });
  }
  return { admitted, known, wallets };
}
