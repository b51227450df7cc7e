import type { Cap } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import { bucketOf, leavesAt } from './spans.js';
import type { CapUse, Counter, Standing, Wallet } from './standing.js';
import { counterName, subjectsOf, type Spender } from './subjects.js';

/** What a counter has counted within its span, and the beginning of the oldest bucket in which something was settled. */
export interface Counted extends Counter {
  readonly settled: NanoUsd;
  readonly held: NanoUsd;
  readonly oldest: number | undefined;
}

interface Claim extends Spender {
  readonly accountId: string;
  readonly amount: NanoUsd;
}

const EMPTY: Wallet = { available: 0n, held: 0n };

/** Wallets and counters as a store has just said, and as they become by what it admits. */
export class Standings {
  private readonly wallets = new Map<string, Wallet>();
  private readonly counters = new Map<string, Counted>();
  /** The counters of each subject of an account, by `account subject`. */
  private readonly bySubject = new Map<string, Set<string>>();
  /** Epoch milliseconds, by the clock of the store. */
  at = 0;

  hearWallet(accountId: string, wallet: Wallet): void {
    this.wallets.set(accountId, wallet);
  }

  hearCounter(counted: Counted): void {
    const name = counterName(counted);
    const subject = `${counted.accountId} ${counted.subject}`;
    this.counters.set(name, counted);
    this.bySubject.set(subject, (this.bySubject.get(subject) ?? new Set()).add(name));
  }

  /** A claim was admitted: it counts in its wallet and in every counter of its subjects. */
  admit({ accountId, amount, ...spender }: Claim): void {
    const { available, held } = this.walletOf(accountId);
    this.wallets.set(accountId, { available: available - amount, held: held + amount });
    for (const subject of subjectsOf(spender))
      for (const name of this.bySubject.get(`${accountId} ${subject}`) ?? []) {
        const counted = this.counters.get(name);
        if (counted) this.counters.set(name, { ...counted, held: counted.held + amount });
      }
  }

  isCounted(counter: Counter): boolean {
    return this.counters.has(counterName(counter));
  }

  walletOf(accountId: string): Wallet {
    return this.wallets.get(accountId) ?? EMPTY;
  }

  of(accountId: string, caps: readonly Cap[]): Standing {
    return { at: this.at, wallet: this.walletOf(accountId), uses: caps.map((cap) => this.useOf(accountId, cap)) };
  }

  private useOf(accountId: string, cap: Cap): CapUse {
    const { settled = 0n, held = 0n, oldest } = this.counters.get(counterName({ accountId, ...cap })) ?? {};
    return { cap, settled, held, leavesAt: leavesAt(cap.span, oldest ?? bucketOf(cap.span, this.at)) };
  }
}
