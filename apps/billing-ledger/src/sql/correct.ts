import { inTransaction, type Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import type { Correction, CorrectionResult, QuarantineVerdict } from '../corrections/correction-store.js';
import type { MoveResult } from '../domain/wallet-move.js';
import { moveWallet } from './credit.js';

type Client = Pick<Pool, 'query'>;

/** Everything that corrects a request waits for its wallet first, like everything else that moves one. */
const LOCK_WALLET = `
SELECT account.id FROM ledger.hold AS hold JOIN ledger.account AS account ON account.id = hold.account_id
WHERE hold.request_id = $1 FOR UPDATE OF account`;

/**
 * What a request is charged by now: what its settlement took, less every other correction, each of which is what the
 * wallet received. Read after the wallet is locked, so that no correction is overlooked that is being made.
 */
const CHARGED = `
SELECT hold.amount, hold.charged - coalesce(
  (SELECT sum(credit.amount) FROM ledger.credit AS credit
   WHERE credit.kind = 'correction' AND credit.source->>'request_id' = hold.request_id AND credit.transaction_id <> $2), 0)::bigint AS charged
FROM ledger.hold AS hold WHERE hold.request_id = $1`;

interface Charged {
  readonly amount: NanoUsd;
  readonly charged: NanoUsd;
}

/** Gives a charge back, at most as much as is left of it. */
export function correctCharge(pool: Pool, correction: Correction): Promise<CorrectionResult> {
  const { requestId, transactionId, amount } = correction;
  return inTransaction(pool, async (client) => {
    const accountId = await lockWallet(client, requestId);
    if (accountId === undefined) return { kind: 'unknown' };
    const { charged } = await readCharged(client, requestId, transactionId);
    if (amount > charged) return { kind: 'beyond', accountId, most: charged };
    return correctionOf(accountId, await post(client, accountId, correction));
  });
}

const DOUBT = `
SELECT decision.charged FROM ledger.quarantine AS quarantine
LEFT JOIN ledger.quarantine_decision AS decision USING (request_id) WHERE request_id = $1`;

const DECIDE = `
INSERT INTO ledger.quarantine_decision (request_id, decision, charged, note, actor)
VALUES ($1, CASE WHEN $2::bigint > 0 THEN 'charged' ELSE 'dismissed' END, $2, $3, $4)`;

const AVAILABLE = 'SELECT available FROM ledger.account WHERE id = $1';

/** Decides about a doubted fact, once: what is charged is posted with the decision, or neither stands. */
export function decideQuarantine(pool: Pool, verdict: QuarantineVerdict): Promise<CorrectionResult> {
  const { requestId, charge, reason, actor } = verdict;
  const transactionId = `quarantine ${requestId}`;
  return inTransaction(pool, async (client) => {
    const accountId = await lockWallet(client, requestId);
    const doubt = await client.query<{ charged: NanoUsd | null }>(DOUBT, [requestId]);
    const [row] = doubt.rows;
    if (accountId === undefined || !row) return { kind: 'unknown' };
    if (row.charged !== null) {
      if (row.charged !== charge) return { kind: 'conflict' };
      return { kind: 'repeated', accountId, available: await readAvailable(client, accountId) };
    }
    const { amount, charged } = await readCharged(client, requestId, transactionId);
    if (charge > amount - charged) return { kind: 'beyond', accountId, most: amount - charged };
    if (charge > 0n) {
      const moved = await post(client, accountId, { transactionId, requestId, amount: -charge, reason, actor });
      if (moved.kind === 'uncovered') return { kind: 'uncovered', accountId };
      // Somebody gave this transaction's name to another one: then the decision cannot stand either.
      if (moved.kind !== 'moved') return { kind: 'conflict' };
    }
    await client.query(DECIDE, [requestId, charge, reason, actor]);
    return { kind: 'moved', accountId, available: await readAvailable(client, accountId) };
  });
}

async function lockWallet(client: Client, requestId: string): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(LOCK_WALLET, [requestId]);
  return rows[0]?.id;
}

async function readCharged(client: Client, requestId: string, transactionId: string): Promise<Charged> {
  const { rows } = await client.query<Charged>(CHARGED, [requestId, transactionId]);
  const [charged] = rows;
  if (!charged) throw new Error(`the hold of ${requestId} was there when its wallet was locked`);
  return charged;
}

const post = (client: Client, accountId: string, { requestId, amount, ...rest }: Correction): Promise<MoveResult> =>
  moveWallet(client, {
    ...rest,
    accountId,
    kind: 'correction',
    principal: amount,
    bonus: 0n,
    source: { request_id: requestId },
  });

function correctionOf(accountId: string, result: MoveResult): CorrectionResult {
  if (result.kind === 'conflict') return result;
  if (result.kind === 'uncovered') return { kind: 'uncovered', accountId };
  return { kind: result.kind, accountId, available: result.available };
}

async function readAvailable(client: Client, accountId: string): Promise<NanoUsd> {
  const { rows } = await client.query<{ available: NanoUsd }>(AVAILABLE, [accountId]);
  return rows[0]?.available ?? 0n;
}
