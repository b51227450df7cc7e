import { createGroupCommit, type GroupCommit } from '@bytespike/database';

import type { Locked } from './ledger-store.js';

export interface WalletLanes<Item, Result> {
  /** What everybody shares; it waits for nobody's wallet. */
  readonly shared: GroupCommit<Item, Result | Locked>;
  /** Commits what needs one wallet, and waits for it. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Whose wallet an item needs, where it says so itself. */
  readonly accountOf: (item: Item) => string | undefined;
  /** Wallets that are waited for at once, each with a connection. */
  readonly waitsMax: number;
}

/** What one account may have waiting for its wallet. */
const LANE = { batchMax: 200, waitingMax: 1_000, lingerMs: () => 0, mayIsolate: () => false } as const;

const isLocked = (result: unknown): result is Locked =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'locked';

/**
 * Lets all accounts share their commits until the wallet of one is locked by somebody else: what needs that wallet waits for it in
 * a lane of its own, and nobody else waits with it. The lane is there until nothing is in it.
 */
export function inWalletLanes<Item, Result>({
  shared,
  accountOf,
  ...options
}: WalletLanes<Item, Result>): GroupCommit<Item, Result> {
  const lanes = new Map<string, Lane<Item, Result>>();
  const open = new Set<Promise<unknown>>();
  const inTurn = createTurns(options.waitsMax);
  const wait = async (item: Item, accountId: string): Promise<Result> => {
    const lane = lanes.get(accountId) ?? {
      group: createGroupCommit({ ...LANE, commit: (items: readonly Item[]) => inTurn(() => options.commit(items)) }),
      waiting: 0,
    };
    lanes.set(accountId, lane);
    lane.waiting += 1;
    try {
      return await lane.group.submit(item);
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0) lanes.delete(accountId);
    }
  };
  const commit = async (item: Item): Promise<Result> => {
    const accountId = accountOf(item);
    if (accountId !== undefined && lanes.has(accountId)) return wait(item, accountId);
    const result = await shared.submit(item);
    return isLocked(result) ? wait(item, result.accountId) : result;
  };
  return {
    submit: (item) => {
      const answer = commit(item).finally(() => open.delete(answer));
      open.add(answer);
      return answer;
    },
    settled: async () => {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}

interface Lane<Item, Result> {
  readonly group: GroupCommit<Item, Result>;
  waiting: number;
}

/** Lets so many work at once; the others wait for their turn. */
function createTurns(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = max;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
