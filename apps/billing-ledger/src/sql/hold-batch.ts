import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { firstByRequest } from '../domain/first-by-request.js';
import { firstFit } from '../domain/first-fit.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { HoldState } from '../domain/settlement.js';
import type { HoldResult, StoredHold, Wallet } from '../ledger-store.js';

/**
 * Admission of a batch, in one statement: lock the wallets in id order (so that no two batches wait for each other),
 * admit by running sum against what is available, and write holds, entries and wallets. What is posted derives from
 * the rows that were really inserted, so a replay, also one that races, changes nothing.
 */
const HOLD_BATCH = `
WITH wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id = ANY($2) ORDER BY id FOR UPDATE
), admitted AS (
  INSERT INTO ledger.hold (request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_at,
    reporter, model, member_id)
  SELECT request_id, account_id, key_id, amount, basis, max_output_tokens, string_to_array(price_versions, ' '), input_hash, to_timestamp(expires_ms / 1000),
    reporter, model, member_id
  FROM (
    SELECT item.*, sum(item.amount) OVER (PARTITION BY item.account_id ORDER BY item.place) <= coalesce(wallet.available, 0) AS fits
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::text[], $8::text[], $9::float8[], $10::text[],
      $11::text[], $12::text[])
      WITH ORDINALITY AS item(request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_ms, reporter, model, member_id, place)
    LEFT JOIN wallet ON wallet.id = item.account_id
  ) AS claim
  WHERE fits
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
)
SELECT request_id AS id, NULL::bigint AS available, NULL::bigint AS held FROM admitted
UNION ALL SELECT id, available, held FROM wallet`;

/** Asked only about holds that were not admitted: were they, earlier? */
const KNOWN_HOLDS = `
SELECT request_id, state, amount, basis, max_output_tokens, input_hash FROM ledger.hold WHERE request_id = ANY($1::text[])`;

/** An admitted hold, or (with amounts) a wallet as it was under the lock. */
interface AdmissionRow {
  readonly id: string;
  readonly available: NanoUsd | null;
  readonly held: NanoUsd | null;
}

interface KnownRow {
  readonly request_id: string;
  readonly state: HoldState;
  readonly amount: NanoUsd;
  readonly basis: string;
  readonly max_output_tokens: number;
  readonly input_hash: string;
}

/** Enough rounds for any batch without a competing writer; with one, what is left is refused and the caller repeats. */
const ROUNDS_MAX = 4;

const EMPTY: Wallet = { available: 0n, held: 0n };

/**
 * Admits a batch. A refused item may have been admitted before (then it is told so), or may have been refused only
 * because a larger one or a replay stood before it: those that fit get another round.
 */
export async function holdBatch(pool: Pool, items: readonly SizedHold[]): Promise<readonly HoldResult[]> {
  const { first, isRepeat } = firstByRequest(items);
  const results = new Map<string, HoldResult>();
  let round: readonly SizedHold[] = [...first.values()];
  for (let count = 0; round.length > 0 && count < ROUNDS_MAX; count += 1) {
    const { admitted, walletOf } = await admit(pool, round);
    const refused = round.filter(({ requestId }) => !admitted.has(requestId));
    const known = await readKnown(pool, refused);
    for (const { requestId, accountId } of round) {
      const wallet = walletOf(accountId);
      const hold = known.get(requestId);
      if (admitted.has(requestId)) results.set(requestId, { kind: 'admitted', wallet });
      else results.set(requestId, hold ? { kind: 'known', wallet, hold } : { kind: 'refused', wallet });
    }
    const unknown = refused.filter(({ requestId }) => !known.has(requestId));
    round = firstFit(unknown, (accountId) => walletOf(accountId).available);
  }
  return items.map((item, place) => {
    const result = results.get(item.requestId) ?? { kind: 'refused', wallet: EMPTY };
    const original = first.get(item.requestId);
    // The same request twice in one batch: the second is told what the first was admitted as.
    return original && isRepeat(place) && result.kind === 'admitted'
      ? { kind: 'known', wallet: result.wallet, hold: { ...original, state: 'held' } }
      : result;
  });
}

async function admit(pool: Pool, items: readonly SizedHold[]) {
  const { rows } = await pool.query<AdmissionRow>({
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
      items.map((item) => item.reporter),
      items.map((item) => item.model ?? null),
      items.map((item) => item.memberId ?? null),
    ],
  });
  const admitted = new Set<string>();
  const wallets = new Map<string, Wallet>();
  for (const { id, available, held } of rows) {
    if (available === null || held === null) admitted.add(id);
    else wallets.set(id, { available, held });
  }
  for (const { requestId, accountId, amount } of items) {
    const wallet = wallets.get(accountId);
    if (wallet && admitted.has(requestId))
      wallets.set(accountId, { available: wallet.available - amount, held: wallet.held + amount });
  }
  return { admitted, walletOf: (accountId: string): Wallet => wallets.get(accountId) ?? EMPTY };
}

async function readKnown(pool: Pool, items: readonly SizedHold[]): Promise<ReadonlyMap<string, StoredHold>> {
  if (items.length === 0) return new Map();
  const values = [items.map(({ requestId }) => requestId)];
  const { rows } = await pool.query<KnownRow>({ name: 'known-holds', text: KNOWN_HOLDS, values });
  return new Map(
    rows.map(({ request_id, max_output_tokens, input_hash, ...hold }) => [
      request_id,
      { ...hold, maxOutputTokens: max_output_tokens, inputHash: input_hash },
    ]),
  );
}
