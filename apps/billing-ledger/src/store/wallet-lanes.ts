import { createGroupCommit, type GroupCommit, type GroupCommitOptions } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';

import type { Locked } from './ledger-store.js';

export interface WalletLanes<Item, Result> {
  /** How everybody shares commits. */
  readonly shared: Omit<GroupCommitOptions<Item, Result | Locked>, 'commit'>;
  /** Commits for everybody, and waits for nobody's wallet. */
  readonly commitUnlocked: (items: readonly Item[]) => Promise<readonly (Result | Locked)[]>;
  /** Commits what needs one wallet, and waits for it. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Whose wallet an item needs, where it says so itself. */
  readonly accountOf: (item: Item) => string | undefined;
  /** Wallets that are waited for at once, each with a connection. */
  readonly waitsMax: number;
}

/** What one account may have waiting for its wallet. */
const LANE = { batchMax: 200, waitingMax: 1_000, lingerMs: () => 0 } as const;

const isLocked = (result: unknown): result is Locked =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'locked';

/**
 * Lets all accounts share their commits until the wallet of one is locked by somebody else: what needs that wallet waits for it in
 * a lane of its own, and nobody else waits with it. The lane is there until nothing is in it.
 */
export function inWalletLanes<Item, Result>(options: WalletLanes<Item, Result>): GroupCommit<Item, Result> {
  const { accountOf, commitUnlocked, waitsMax } = options;
  const lanes = new Map<string, Lane<Item, Result>>();
  const open = new OpenCount();
  const inTurn = createTurns(waitsMax);
  const { mayIsolate, waitingMax } = options.shared;
  let waiting = 0;
  const laneOf = (item: Item): Locked | undefined => {
    const accountId = accountOf(item);
    return accountId !== undefined && lanes.has(accountId) ? { kind: 'locked', accountId } : undefined;
  };
  /** What has come before its wallet was found locked is not tried in vain. */
  const commitOthers = async (items: readonly Item[]): Promise<readonly (Result | Locked)[]> => {
    const known = items.map(laneOf);
    const others = items.filter((_, at) => known[at] === undefined);
    const results = (others.length === 0 ? [] : await commitUnlocked(others)).values();
    return known.flatMap((locked) => locked ?? results.next().value ?? []);
  };
  const laneFor = (accountId: string): Lane<Item, Result> => {
    const lane = lanes.get(accountId) ?? {
      group: createGroupCommit({
        ...{ ...LANE, mayIsolate },
        commit: (items: readonly Item[]) => inTurn(() => options.commit(items)),
      }),
      waiting: 0,
    };
    lanes.set(accountId, lane);
    return lane;
  };
  const shared = createGroupCommit({
    ...options.shared,
    commit: async (items: readonly Item[]) => {
      const results = await (lanes.size === 0 ? commitUnlocked(items) : commitOthers(items));
      // Before the next batch is begun, and whoever is told so comes into it.
      for (const result of results) if (isLocked(result)) laneFor(result.accountId);
      return results;
    },
  });
  const wait = async (item: Item, accountId: string): Promise<Result> => {
    const lane = laneFor(accountId);
    lane.waiting += 1;
    waiting += 1;
    try {
      // All lanes together hold no more than everybody's queue does, however many wallets are locked.
      if (waiting > waitingMax) throw new GatewayError('unavailable', 'too many wait for wallets that are locked');
      return await lane.group.submit(item);
    } finally {
      waiting -= 1;
      lane.waiting -= 1;
      if (lane.waiting === 0) lanes.delete(accountId);
    }
  };
  const submit = async (item: Item): Promise<Result> => {
    open.begin();
    try {
      const result = laneOf(item) ?? (await shared.submit(item));
      return isLocked(result) ? await wait(item, result.accountId) : result;
    } finally {
      open.end();
    }
  };
  return { submit, settled: () => open.none() };
}

/** How many are under way. */
class OpenCount {
  private open = 0;
  private waiting: (() => void)[] = [];

  begin(): void {
    this.open += 1;
  }

  end(): void {
    this.open -= 1;
    if (this.open > 0) return;
    for (const tell of this.waiting.splice(0)) tell();
  }

  /** Resolves when none is. */
  async none(): Promise<void> {
    while (this.open > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
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
