import type { Carved } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';
import { capAtHold } from '@bytespike/pricing';

import type { Likeness } from './likeness.js';
import type { SizedHold } from './size-hold.js';

export interface GrantTerms extends Likeness {
  readonly id: string;
  /** The ledger whose grant it is. */
  readonly reporter: string;
  /** What the store holds back for it. */
  readonly amount: NanoUsd;
  /** Epoch milliseconds: nothing is carved from it later than this, which is `carveMs` after it was asked for. */
  readonly carvesUntil: number;
  readonly carveMs: number;
  /** Epoch milliseconds: its hold lapses then, so nothing may be carved that lapses later. */
  readonly expiresAt: number;
}

/** A hold that was carved and whose end the store has not confirmed. */
interface OpenCarve {
  readonly hold: SizedHold;
  readonly carvedAt: number;
  /** What is still set aside for it: its worst case, then its charge once that is known. */
  kept: NanoUsd;
}

/**
 * Money that the store holds back for many requests of one key, and the requests admitted against it (ADR 0012). What is
 * free, kept for open carves and charged never adds up to more than the amount, so the amount cannot be overshot.
 */
export class Grant {
  private free: NanoUsd;
  private readonly open = new Map<string, OpenCarve>();
  private readonly ended = new Set<string>();
  private retired = false;
  lastCarvedAt: number;

  constructor(
    readonly terms: GrantTerms,
    now: number,
  ) {
    this.free = terms.amount;
    this.lastCarvedAt = now;
  }

  /** Whether the request is admitted; then its money is set aside. */
  carve(hold: SizedHold, now: number): boolean {
    const { carvesUntil, expiresAt } = this.terms;
    if (this.retired || now >= carvesUntil || hold.expiresAt > expiresAt || hold.amount > this.free) return false;
    this.free -= hold.amount;
    this.open.set(hold.requestId, { hold, carvedAt: now, kept: hold.amount });
    this.lastCarvedAt = now;
    return true;
  }

  /** The hold an open request was admitted with. */
  find(requestId: string): SizedHold | undefined {
    return this.open.get(requestId)?.hold;
  }

  /** Whether a request that was carved from it is over. */
  hasEnded(requestId: string): boolean {
    return this.ended.has(requestId);
  }

  carvedAs({ amount, basis, maxOutputTokens }: SizedHold): Carved {
    return { grantId: this.terms.id, amount, basis, maxOutputTokens };
  }

  /** What the request costs is known and on its way to the store: no more than that stays set aside. */
  price(requestId: string, cost: NanoUsd): void {
    const carve = this.open.get(requestId);
    if (!carve) return;
    const { charged } = capAtHold(cost, carve.hold.amount);
    this.free += carve.kept - charged;
    carve.kept = charged;
  }

  /** The store says that the request has ended; when it does not say at what charge, nothing becomes free. */
  end(requestId: string, charged?: NanoUsd): void {
    const carve = this.open.get(requestId);
    if (!carve) return;
    if (charged !== undefined) this.free += carve.kept - charged;
    this.open.delete(requestId);
    if (!this.retired) this.ended.add(requestId);
  }

  /** Nothing is carved from it any more. Answers what it need not keep; the rest becomes free as its carves end. */
  retire(): NanoUsd {
    this.retired = true;
    // Nobody is admitted from it any more, so nobody can be admitted twice.
    this.ended.clear();
    const { free } = this;
    this.free = 0n;
    return free;
  }

  get isRetired(): boolean {
    return this.retired;
  }

  get isEmpty(): boolean {
    return this.open.size === 0;
  }

  /** Whether it is too small for what is asked of it: more than half of it is taken. */
  isTight(): boolean {
    return !this.retired && this.free * 2n < this.terms.amount;
  }

  /** Whether half of its time is over. */
  isAgeing(now: number): boolean {
    return now >= this.terms.carvesUntil - this.terms.carveMs / 2;
  }

  /** Requests carved before `before` whose end nobody has told us; another ledger may have heard of it. */
  openSince(before: number): readonly string[] {
    const ids: string[] = [];
    for (const [requestId, { carvedAt }] of this.open) {
      // In the order of carving: the rest is younger.
      if (carvedAt >= before) break;
      ids.push(requestId);
    }
    return ids;
  }
}
