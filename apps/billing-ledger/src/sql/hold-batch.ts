import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { firstByRequest } from '../domain/first-by-request.js';
import { firstFit, type Room } from '../domain/first-fit.js';
import type { HoldState } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { roomOf, type Counter } from '../domain/standing.js';
import { Standings } from '../domain/standings.js';
import { counterName } from '../domain/subjects.js';
import type { HoldResult, StoredHold } from '../store/ledger-store.js';
import { beginCounters } from './begin-counters.js';
import { HOLD_COLUMNS, holdColumns } from './hold-columns.js';
import { moveSpend } from './spend-moves.js';
import { waitingForLocks, type LockMs } from './lock-waits.js';
import { hearRow, STANDING_ROWS, type StandingRow } from './standing-rows.js';
import { moveWallets } from './wallet-moves.js';

/**
 * Admission of a batch, in one statement: lock the wallets in id order (so that no two batches wait for each other), read
 * what the counters of the batch's subjects have counted, admit by running sums against the wallet and every cap, and write
 * holds, entries, wallets and buckets. What is posted derives from the rows that were really inserted, so a replay, also one
 * that races, changes nothing. A hold is in every counter of its subjects, whether or not its request names the cap: caps
 * come and go, and what they count does not. A cap that nobody has counted for yet admits nothing.
 */
const HOLD_BATCH = `
WITH wallet AS MATERIALIZED (
  SELECT id, available, held FROM ledger.account WHERE id = ANY($2) AND ${waitingForLocks('$26')} ORDER BY id FOR UPDATE
), counted AS MATERIALIZED (
  SELECT * FROM ledger.counted(${HOLD_COLUMNS.distinctSubjects}, now()) WHERE (SELECT count(*) FROM wallet) >= 0
), item AS MATERIALIZED (
  SELECT * FROM ${HOLD_COLUMNS.items}
), refused AS (
  SELECT place FROM (
    SELECT item.place, counted.subject IS NULL
      OR sum(item.amount) OVER (PARTITION BY cap.counter ORDER BY item.place) > greatest(cap.limit_amount - counted.settled - counted.held, 0) AS is_over
    FROM ${HOLD_COLUMNS.caps}
    JOIN item ON item.profile = cap.profile
    LEFT JOIN counted ON counted.account_id = cap.account_id AND counted.subject = cap.subject AND counted.span = cap.span
  ) AS claim WHERE is_over
), membership AS (
  SELECT named.profile, array_agg(named.subject || ' ' || counted.span ORDER BY named.subject, counted.span) AS counters
  FROM ${HOLD_COLUMNS.subjects}
  JOIN counted ON counted.account_id = named.account_id AND counted.subject = named.subject
  GROUP BY named.profile
), admitted AS (
  INSERT INTO ledger.hold (request_id, account_id, key_id, amount, basis, max_output_tokens, price_versions, input_hash, expires_at,
    reporter, model, member_id, counters, created_at, counted_at)
  SELECT request_id, account_id, key_id, amount, basis, max_output_tokens, string_to_array(price_versions, ' '), input_hash, to_timestamp(expires_ms / 1000),
    reporter, model, member_id, coalesce(counters, '{}'), now(), now() + carved_for_ms * interval '1 ms'
  FROM (
    SELECT item.*, sum(item.amount) OVER (PARTITION BY item.account_id ORDER BY item.place) <= coalesce(wallet.available, 0) AS fits
    FROM item LEFT JOIN wallet ON wallet.id = item.account_id
  ) AS claim LEFT JOIN membership USING (profile)
  WHERE fits AND place NOT IN (SELECT place FROM refused)
  ON CONFLICT DO NOTHING
  RETURNING request_id, account_id, amount, counters, counted_at
), posted AS (
  INSERT INTO ledger.entry (reference, kind, account_id, balance, amount)
  SELECT request_id, 'hold', account_id, leg.balance, leg.amount
  FROM admitted CROSS JOIN LATERAL (VALUES ('available', -amount), ('held', amount)) AS leg(balance, amount)
  WHERE leg.amount <> 0
), spent AS (${moveSpend('admitted', { held: 'amount', settled: '0' })}
), moved AS (${moveWallets('admitted', { available: '-amount', held: 'amount' })}
)
${STANDING_ROWS}
UNION ALL SELECT 'admitted', request_id, NULL, NULL, NULL, NULL, NULL FROM admitted`;

/** Asked only about holds that were not admitted: were they, earlier? */
const KNOWN_HOLDS = `
SELECT request_id, state, amount, basis, max_output_tokens, input_hash FROM ledger.hold WHERE request_id = ANY($1::text[])`;

interface AdmittedRow {
  readonly is: 'admitted';
  readonly id: string;
}

interface KnownRow {
  readonly request_id: string;
  readonly state: HoldState;
  readonly amount: NanoUsd;
  readonly basis: string;
  readonly max_output_tokens: number;
  readonly input_hash: string;
}

/**
 * Enough rounds for any batch without a competing writer: one that finds counters missing, one that large claims or replays
 * stand in the way of others in, and one for those. With a competitor, what is left is refused and the caller repeats.
 */
const ROUNDS_MAX = 6;

/**
 * Admits a batch. A refused item may have been admitted before (then it is told so), or may have been refused only
 * because a larger one or a replay stood before it: those that fit get another round. Rejects when a lock is waited for
 * for longer than `lockMs`; what was admitted until then is known to whoever asks again.
 */
export async function holdBatch(
  pool: Pool,
  items: readonly SizedHold[],
  lockMs: LockMs,
): Promise<readonly HoldResult[]> {
  const { first, isRepeat } = firstByRequest(items);
  const standings = new Standings();
  const admitted = new Set<string>();
  const known = new Map<string, StoredHold>();
  let round: readonly SizedHold[] = [...first.values()];
  for (let count = 0; round.length > 0 && count < ROUNDS_MAX; count += 1) {
    for (const id of await admit(pool, round, standings, lockMs)) admitted.add(id);
    const refused = round.filter(({ requestId }) => !admitted.has(requestId));
    await readKnown(pool, refused, known);
    const unknown = refused.filter(({ requestId }) => !known.has(requestId));
    const missing = countersMissing(unknown, standings);
    if (missing.length > 0) await beginCounters(pool, missing);
    round = missing.length > 0 ? unknown : firstFit(unknown, (hold) => roomsOf(hold, standings));
  }
  return items.map((item, place): HoldResult => {
    const standing = standings.of(item.accountId, item.caps);
    const original = first.get(item.requestId);
    const hold = known.get(item.requestId);
    if (hold) return { kind: 'known', ...standing, hold };
    if (!original || !admitted.has(item.requestId)) return { kind: 'refused', ...standing };
    // The same request twice in one batch: the second is told what the first was admitted as.
    return isRepeat(place)
      ? { kind: 'known', ...standing, hold: storedAs(original) }
      : { kind: 'admitted', ...standing };
  });
}

/** What a hold that was admitted just now is known as. */
const storedAs = ({ amount, basis, maxOutputTokens, hashInput }: SizedHold): StoredHold => ({
  ...{ amount, basis, maxOutputTokens, state: 'held' },
  inputHash: hashInput(),
});

/** What a claim takes from: its wallet, and the counters of its caps. */
const roomsOf = ({ accountId, caps }: SizedHold, standings: Standings): readonly Room[] => {
  const { wallet, uses } = standings.of(accountId, caps);
  return [
    { name: accountId, left: wallet.available },
    ...uses.map((use) => ({ name: counterName({ accountId, ...use.cap }), left: roomOf(use) })),
  ];
};

/** The counters that claims need and nobody has begun, each once. */
function countersMissing(claims: readonly SizedHold[], standings: Standings): readonly Counter[] {
  const missing = new Map<string, Counter>();
  for (const { accountId, caps } of claims)
    for (const { subject, span } of caps) {
      const counter = { accountId, subject, span };
      if (!standings.isCounted(counter)) missing.set(counterName(counter), counter);
    }
  return [...missing.values()];
}

/** Answers which were admitted. */
async function admit(
  pool: Pool,
  items: readonly SizedHold[],
  standings: Standings,
  lockMs: LockMs,
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<StandingRow | AdmittedRow>({
    name: 'hold-batch',
    text: HOLD_BATCH,
    values: [...holdColumns(items), lockMs],
  });
  const admitted = new Set<string>();
  for (const row of rows) {
    if (row.is === 'admitted') admitted.add(row.id);
    else hearRow(standings, row);
  }
  for (const item of items) if (admitted.has(item.requestId)) standings.admit(item);
  return admitted;
}

async function readKnown(pool: Pool, items: readonly SizedHold[], known: Map<string, StoredHold>): Promise<void> {
  if (items.length === 0) return;
  const values = [items.map(({ requestId }) => requestId)];
  const { rows } = await pool.query<KnownRow>({ name: 'known-holds', text: KNOWN_HOLDS, values });
  for (const { request_id, max_output_tokens, input_hash, ...hold } of rows)
    known.set(request_id, { ...hold, maxOutputTokens: max_output_tokens, inputHash: input_hash });
}
