import type { Pool } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';

import { answering } from './answering.js';
import type { CarvedSettlement, Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { Counter, Standing, Wallet } from '../domain/standing.js';
import type { UsageQuery, UsageRecord } from '../domain/usage-page.js';
import {
  LedgerStore,
  type Credit,
  type CreditResult,
  type EndResult,
  type ExtendResult,
  type HoldResult,
  type Locked,
  type OfferedPrice,
  type PriceRow,
  type SettledBucket,
  type StandingQuery,
} from './ledger-store.js';
import { postCredit } from '../sql/credit.js';
import { endAll } from '../sql/end-all.js';
import { endBatch } from '../sql/end-batch.js';
import { spendBatch } from '../sql/spend-batch.js';
import { extendHold } from '../sql/extend-hold.js';
import { holdBatch } from '../sql/hold-batch.js';
import { accountsOfEnds, accountsOfHolds } from '../sql/accounts-of.js';
import { LOCK_MS } from '../sql/lock-waits.js';
import { unlessLocked, withoutLocked } from '../sql/without-locked.js';
import { makeMonths } from '../sql/months.js';
import { readPriceRows, recordPriceRows } from '../sql/price-rows.js';
import { pruneSpend } from '../sql/prune-spend.js';
import { readBuckets } from '../sql/read-buckets.js';
import { readEnds } from '../sql/read-ends.js';
import { readStandings } from '../sql/read-standings.js';
import { readUsage } from '../sql/read-usage.js';
import { releaseGrant } from '../sql/release-grant.js';
import { scanBook } from '../verify/scan-book.js';
import { verifyLedger, type Finding } from '../verify/verify-ledger.js';

/** The partial index on open holds answers this without looking at ended ones. */
const OVERDUE = `
SELECT request_id FROM ledger.hold
WHERE ended_at IS NULL AND expires_at < to_timestamp($1::float8 / 1000)
ORDER BY expires_at LIMIT $2`;

const WALLETS = 'SELECT id, available, held FROM ledger.account WHERE id = ANY($1::text[])';

/**
 * The ledger in Postgres. The statements live one per file in `sql/`; this class gives them one way to fail. What requests wait
 * for has connections that nothing else can take; reads of pages, scans and upkeep go aside. What waits for a wallet that somebody
 * has locked has a few of its own, so that nobody else waits with it.
 */
export class PgLedgerStore extends LedgerStore {
  constructor(
    private readonly pool: Pool,
    private readonly aside: Pool = pool,
    private readonly patient: Pool = aside,
  ) {
    super();
  }

  hold(items: readonly SizedHold[]): Promise<readonly HoldResult[]> {
    return answering(holdBatch(this.patient, items, LOCK_MS.ofStatement));
  }

  override holdUnlocked(items: readonly SizedHold[]): Promise<readonly (HoldResult | Locked)[]> {
    const commit = (some: readonly SizedHold[]) => holdBatch(this.pool, some, LOCK_MS.ofBatch);
    return answering(withoutLocked(this.pool, items, { commit, accountsOf: accountsOfHolds }));
  }

  extend(hold: SizedHold): Promise<ExtendResult> {
    return answering(extendHold(this.patient, hold, LOCK_MS.ofStatement));
  }

  override extendUnlocked(hold: SizedHold): Promise<ExtendResult | Locked> {
    const extended = unlessLocked(extendHold(this.pool, hold, LOCK_MS.ofBatch));
    return answering(extended.then((result) => result ?? { kind: 'locked', accountId: hold.accountId }));
  }

  end(items: readonly Settlement[]): Promise<readonly EndResult[]> {
    const spend = (carved: readonly CarvedSettlement[]) => spendBatch(this.patient, carved, LOCK_MS.ofStatement);
    return answering(endAll(items, spend, (own) => endBatch(this.patient, own, LOCK_MS.ofStatement)));
  }

  override endUnlocked(items: readonly Settlement[]): Promise<readonly (EndResult | Locked)[]> {
    const accountsOf = (some: readonly Settlement[]) => accountsOfEnds(this.pool, some);
    const spend = (carved: readonly CarvedSettlement[]) => spendBatch(this.pool, carved, LOCK_MS.ofBatch);
    const end = (own: readonly Settlement[]) => endBatch(this.pool, own, LOCK_MS.ofBatch);
    return answering(
      endAll<EndResult | Locked>(
        items,
        (carved) => withoutLocked(this.pool, carved, { commit: spend, accountsOf }),
        (own) => withoutLocked(this.pool, own, { commit: end, accountsOf }),
      ),
    );
  }

  releaseGrant(grantId: string, amount: NanoUsd): Promise<void> {
    return answering(releaseGrant(this.pool, grantId, amount));
  }

  readEnds(requestIds: readonly string[]): Promise<ReadonlyMap<string, NanoUsd>> {
    return answering(readEnds(this.pool, requestIds));
  }

  standings(queries: readonly StandingQuery[]): Promise<readonly Standing[]> {
    return answering(readStandings(this.pool, queries));
  }

  buckets(counters: readonly Counter[]): Promise<readonly (readonly SettledBucket[])[]> {
    return answering(readBuckets(this.pool, counters));
  }

  pruneSpend(limit: number): Promise<number> {
    return answering(pruneSpend(this.aside, limit));
  }

  credit(credit: Credit): Promise<CreditResult> {
    return answering(postCredit(this.aside, credit));
  }

  usage(query: UsageQuery): Promise<readonly UsageRecord[]> {
    return answering(readUsage(this.aside, query));
  }

  recordPrices(prices: readonly OfferedPrice[]): Promise<readonly PriceRow[]> {
    return answering(recordPriceRows(this.pool, prices));
  }

  prices(): Promise<readonly PriceRow[]> {
    return answering(readPriceRows(this.pool));
  }

  makeMonths(ahead: number): Promise<number> {
    return answering(makeMonths(this.aside, ahead));
  }

  verify(): Promise<readonly Finding[]> {
    return answering(verifyLedger(this.aside));
  }

  /** Nest closes what it made, for every store that shares it. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...new Set([this.pool, this.aside, this.patient])].map((pool) => pool.end()));
  }

  async overdueHolds(before: number, limit: number): Promise<readonly string[]> {
    const { rows } = await answering(this.pool.query<{ request_id: string }>(OVERDUE, [before, limit]));
    return rows.map((row) => row.request_id);
  }

  async wallets(accountIds: readonly string[]): Promise<readonly Wallet[]> {
    const query = { name: 'wallets', text: WALLETS, values: [accountIds] };
    const { rows } = await answering(this.pool.query<Wallet & { id: string }>(query));
    const found = new Map(rows.map(({ id, available, held }) => [id, { available, held }]));
    return accountIds.map((id) => found.get(id) ?? { available: 0n, held: 0n });
  }

  async heldInAll(): Promise<NanoUsd> {
    const { rows } = await answering(this.aside.query<Sum>('SELECT sum(held) AS sum FROM ledger.account'));
    return amountOf(rows);
  }

  async imbalance(): Promise<NanoUsd> {
    const total = scanBook(this.aside, (scan) => scan<Sum>('SELECT sum(amount) AS sum FROM ledger.entry'));
    return amountOf(await answering(total));
  }
}

/** Sums of eight-byte integers are `numeric`, which pg reads as text. */
interface Sum {
  readonly sum: string | null;
}

const amountOf = ([row]: readonly Sum[]): NanoUsd => BigInt(row?.sum ?? '0');
