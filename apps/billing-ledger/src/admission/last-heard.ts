import type { NanoUsd } from '@bytespike/kernel';
import { LRUCache } from 'lru-cache';

import type { SizedHold } from '../domain/size-hold.js';
import type { CapUse, Standing, Wallet } from '../domain/standing.js';
import { counterName } from '../domain/subjects.js';

/** Most that are remembered; who is forgotten is admitted by the store. */
const WALLETS_MAX = 10_000;
const COUNTERS_MAX = 40_000;

type Spending = Pick<SizedHold, 'accountId' | 'caps'>;

/**
 * Wallets and counters as a store has last told of them, less what was charged since: for the accounting headers of carved
 * requests, and for the size of grants. Nobody is admitted by it.
 */
export class LastHeard {
  private readonly wallets = new LRUCache<string, Wallet>({ max: WALLETS_MAX });
  private readonly uses = new LRUCache<string, Omit<CapUse, 'cap'>>({ max: COUNTERS_MAX });

  hear(accountId: string, { wallet, uses }: Standing): void {
    this.wallets.set(accountId, wallet);
    for (const { cap, ...use } of uses) this.uses.set(counterName({ accountId, ...cap }), use);
  }

  /** How an account stands towards these caps, or undefined: something was never heard of, or has been freed since. */
  of({ accountId, caps }: Spending, at: number): Standing | undefined {
    const wallet = this.wallets.get(accountId);
    if (!wallet) return undefined;
    const uses: CapUse[] = [];
    for (const cap of caps) {
      const use = this.uses.get(counterName({ accountId, ...cap }));
      if (!use || use.leavesAt <= at) return undefined;
      uses.push({ cap, ...use });
    }
    return { at, wallet, uses };
  }

  /** What was held is settled. */
  charge({ accountId, caps }: Spending, charged: NanoUsd): void {
    const wallet = this.wallets.get(accountId);
    if (wallet) this.wallets.set(accountId, { ...wallet, held: wallet.held - charged });
    for (const cap of caps) {
      const name = counterName({ accountId, ...cap });
      const use = this.uses.get(name);
      if (use) this.uses.set(name, { ...use, settled: use.settled + charged, held: use.held - charged });
    }
  }

  /** Money came from elsewhere. */
  forget(accountId: string): void {
    this.wallets.delete(accountId);
  }
}
