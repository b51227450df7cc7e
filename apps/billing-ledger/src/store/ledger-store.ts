import type { Cap } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import type { HoldState, Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { Counter, Standing, Wallet } from '../domain/standing.js';
import type { UsageQuery, UsageRecord } from '../domain/usage-page.js';
import type { Finding } from '../verify/verify-ledger.js';

export type { Wallet } from '../domain/standing.js';

/** What a hold was admitted as, read back for a caller that repeats itself. */
export type StoredHold = Pick<SizedHold, 'amount' | 'basis' | 'maxOutputTokens'> & {
  readonly inputHash: string;
  readonly state: HoldState;
};

/** What became of a hold, and how its account stands now towards its caps. */
export type HoldResult = Standing &
  (
    { readonly kind: 'admitted' } | { readonly kind: 'known'; readonly hold: StoredHold } | { readonly kind: 'refused' }
  );

/** Whose caps are asked about. */
export interface StandingQuery {
  readonly accountId: string;
  readonly caps: readonly Cap[];
}

/** A bucket of a counter in which something was settled: its beginning in epoch milliseconds, and how much. */
export interface SettledBucket {
  readonly at: number;
  readonly settled: NanoUsd;
}

/**
 * - `extended`: the hold stands at least as high as asked, now or before;
 * - `refused`: the wallet or a cap has no room for what would be added, and nothing changed;
 * - `over`: there is no such hold, or it has ended.
 */
export type ExtendResult = { readonly kind: 'extended' } | { readonly kind: 'over' } | ExtensionRefused;

export interface ExtensionRefused extends Standing {
  readonly kind: 'refused';
  /** As it stands. */
  readonly hold: Pick<StoredHold, 'amount' | 'maxOutputTokens'>;
}

/**
 * - `ended`: this settlement ended the hold;
 * - `repeated`: it had been ended before, as `state` says; nothing changed;
 * - `unknown`: there is no such hold; nothing changed.
 */
export type EndResult =
  { readonly kind: 'ended' } | { readonly kind: 'repeated'; readonly state: HoldState } | { readonly kind: 'unknown' };

/**
 * Somebody else holds the wallet that this needs locked, for longer than a batch waits. Nothing is known about it: it is asked
 * again by whoever may wait for the wallet.
 */
export interface Locked {
  readonly kind: 'locked';
  readonly accountId: string;
}

export interface Credit {
  readonly transactionId: string;
  readonly accountId: string;
  /** Negative debits. */
  readonly amount: NanoUsd;
  readonly reason: string;
  readonly actor: string;
}

export type CreditResult =
  | { readonly kind: 'credited' | 'repeated'; readonly available: NanoUsd }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'uncovered' };

export interface PriceRow {
  readonly id: string;
  readonly model: string;
  readonly usdPerMillion: Readonly<Record<string, string>>;
  readonly status: string;
}

/** A price as a snapshot offers it. */
export interface OfferedPrice extends PriceRow {
  /** Epoch milliseconds; absent is now. */
  readonly soldFrom?: number;
}

/**
 * The ledger's books. Every write is one statement over a whole batch that checks and posts together; every write
 * may be repeated. Methods reject with `unavailable` when the store cannot answer: then nothing is known, and the
 * caller repeats.
 */
export abstract class LedgerStore {
  /** Admits in the order given what the wallet and every cap of the hold cover. Waits for wallets that somebody has locked. */
  abstract hold(items: readonly SizedHold[]): Promise<readonly HoldResult[]>;
  /** The same for many accounts at once, of which none waits for what another's wallet is locked for. */
  holdUnlocked(items: readonly SizedHold[]): Promise<readonly (HoldResult | Locked)[]> {
    return this.hold(items);
  }
  /** Lets an open hold grow to what `hold` says, within the wallet and its caps. It was never carved from a grant. */
  abstract extend(hold: SizedHold): Promise<ExtendResult>;
  /** The same, without waiting for a wallet that somebody has locked. */
  extendUnlocked(hold: SizedHold): Promise<ExtendResult | Locked> {
    return this.extend(hold);
  }
  /** Settles, voids or expires: the first to come ends a hold, and only it. One that was carved is charged to its grant. */
  abstract end(items: readonly Settlement[]): Promise<readonly EndResult[]>;
  /** The same for many accounts at once, as `holdUnlocked`. */
  endUnlocked(items: readonly Settlement[]): Promise<readonly (EndResult | Locked)[]> {
    return this.end(items);
  }
  /** Gives back a part of a grant before its end; of several tries the first counts (ADR 0012). */
  abstract releaseGrant(grantId: string, amount: NanoUsd): Promise<void>;
  /** Which of these requests have ended, and what each was charged. */
  abstract readEnds(requestIds: readonly string[]): Promise<ReadonlyMap<string, NanoUsd>>;
  /** Ids of open holds whose time passed before `before` (epoch milliseconds), oldest first. */
  abstract overdueHolds(before: number, limit: number): Promise<readonly string[]>;
  abstract credit(credit: Credit): Promise<CreditResult>;
  /** An account nobody has credited has an empty wallet. */
  abstract wallets(accountIds: readonly string[]): Promise<readonly Wallet[]>;
  /** How accounts stand towards caps. A cap that was never counted for is from now on, with what was spent before. */
  abstract standings(queries: readonly StandingQuery[]): Promise<readonly Standing[]>;
  /** What was settled within each counter's span, oldest first. */
  abstract buckets(counters: readonly Counter[]): Promise<readonly (readonly SettledBucket[])[]>;
  /** Removes up to so many buckets that have long left their span; answers how many. */
  abstract pruneSpend(limit: number): Promise<number>;
  abstract heldInAll(): Promise<NanoUsd>;
  /** The sum of all entries, which is zero. */
  abstract imbalance(): Promise<NanoUsd>;
  abstract usage(query: UsageQuery): Promise<readonly UsageRecord[]>;
  /** Keeps price versions as they are first seen; answers all that is kept under these ids. */
  abstract recordPrices(prices: readonly OfferedPrice[]): Promise<readonly PriceRow[]>;
  abstract prices(): Promise<readonly PriceRow[]>;
  /** Makes the partitions of this month and the next ones; answers how many months ahead the book can be written. */
  abstract makeMonths(ahead: number): Promise<number>;
  /** Every invariant against the whole book. */
  abstract verify(): Promise<readonly Finding[]>;
}
