import { createGroupCommit, type GroupCommit } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';
import { metrics } from '@bytespike/telemetry';

import type { Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { Counter, Standing, Wallet } from '../domain/standing.js';
import { WAITS_MAX } from './ledger-pool.js';
import { inWalletLanes } from './wallet-lanes.js';
import type { EndResult, ExtendResult, HoldResult, LedgerStore, SettledBucket, StandingQuery } from './ledger-store.js';

/** What many callers do at once and the store does in one go. */
export interface LedgerGroups {
  readonly holds: GroupCommit<SizedHold, HoldResult>;
  readonly ends: GroupCommit<Settlement, EndResult>;
  readonly wallets: GroupCommit<string, Wallet>;
  readonly standings: GroupCommit<StandingQuery, Standing>;
  readonly buckets: GroupCommit<Counter, readonly SettledBucket[]>;
  readonly extensions: GroupCommit<SizedHold, ExtendResult>;
}

const BATCH_MAX = 200;
const WAITING_MAX = 5_000;

/** Each is a transaction of its own with a connection of its own; more at once would take those that holds wait for. */
const EXTENSIONS_MAX = 2;

/**
 * A commit costs as much for one hold as for eight. A lone request does not wait; under load, when the last commit was
 * shared, the next one waits two milliseconds for more.
 */
const HOLD_LINGER_MS = 2;

/** Somebody waits for a hold and a wallet. Nobody waits for a settlement, whose facts have waited for company before they came. */
export function createLedgerGroups(store: LedgerStore): LedgerGroups {
  const shared = { batchMax: BATCH_MAX, waitingMax: WAITING_MAX, mayIsolate: isNotOutage };
  const atOnce = { ...shared, lingerMs: () => 0 };
  return {
    holds: inWalletLanes<SizedHold, HoldResult>({
      shared: { ...shared, ownerOf, lingerMs: (last) => (last > 1 ? HOLD_LINGER_MS : 0) },
      commitUnlocked: timed('hold', (items) => store.holdUnlocked(items)),
      commit: (items) => store.hold(items),
      accountOf: ownerOf,
      waitsMax: WAITS_MAX.holds,
    }),
    ends: inWalletLanes<Settlement, EndResult>({
      shared: atOnce,
      commitUnlocked: timed('end', (items) => store.endUnlocked(items)),
      commit: (items) => store.end(items),
      accountOf: () => undefined,
      waitsMax: WAITS_MAX.ends,
    }),
    wallets: createGroupCommit({
      ...atOnce,
      ownerOf: (accountId: string) => accountId,
      commit: (ids: readonly string[]) => store.wallets(ids),
    }),
    standings: createGroupCommit({
      ...atOnce,
      ownerOf,
      commit: (asked: readonly StandingQuery[]) => store.standings(asked),
    }),
    buckets: createGroupCommit({ ...atOnce, ownerOf, commit: (asked: readonly Counter[]) => store.buckets(asked) }),
    extensions: inWalletLanes<SizedHold, ExtendResult>({
      shared: { ...atOnce, ownerOf, batchMax: EXTENSIONS_MAX },
      commitUnlocked: (holds) => Promise.all(holds.map((hold) => store.extendUnlocked(hold))),
      commit: (holds) => inOrder(holds, (hold) => store.extend(hold)),
      accountOf: ownerOf,
      waitsMax: WAITS_MAX.extensions,
    }),
  };
}

/** Whose money it is about: nobody's requests may take the room of everybody's. */
const ownerOf = ({ accountId }: { readonly accountId: string }): string => accountId;

/** One after the other, with one connection. */
async function inOrder<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** An outage fails every item alike; anything else may be the fault of one. */
const isNotOutage = (error: unknown): boolean => !(error instanceof GatewayError && error.kind === 'unavailable');

function timed<Item, Result>(
  operation: 'hold' | 'end',
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
): (items: readonly Item[]) => Promise<readonly Result[]> {
  return async (items) => {
    const stop = metrics.ledgerCommitSeconds.startTimer({ operation });
    metrics.ledgerBatch.observe({ operation }, items.length);
    reached(`ledger.${operation}.deciding`);
    const results = await commit(items);
    reached(`ledger.${operation}.committed`);
    stop();
    return results;
  };
}
