import type { NanoUsd } from '@bytespike/kernel';

import type { SizedHold } from '../domain/size-hold.js';
import { bucketOf, leavesAt } from '../domain/spans.js';
import type { CapUse, Counter } from '../domain/standing.js';
import { counterName, subjectsOf } from '../domain/subjects.js';
import type { SettledBucket } from '../store/ledger-store.js';

/** What counting needs to know of a hold. */
export interface CountedHold extends SizedHold {
  readonly isOpen: boolean;
  readonly countedAt: number;
  readonly endedAt: number;
  /** What it still holds back. */
  readonly left: NanoUsd;
  readonly charged: NanoUsd;
  /** Of a grant: what was charged to those that were carved from it. */
  readonly drawn: NanoUsd;
  /** The grant that it was carved from. */
  readonly grantId?: string;
}

interface Move {
  readonly at: number;
  readonly settled: NanoUsd;
  readonly held: NanoUsd;
}

/**
 * Counters without buckets: every use is summed anew from the holds themselves. Only what was spent before a counter began
 * is kept, at the moment of its end, as Postgres does; what was drawn from an open grant is in both, and is taken off once.
 */
export class MemoryCounters {
  private readonly carried = new Map<string, readonly Move[]>();
  /** The counters that a hold was open for when they began. */
  private readonly joined = new Map<string, Set<string>>();

  constructor(private readonly holds: () => Iterable<CountedHold>) {}

  begin(counter: Counter): void {
    const name = counterName(counter);
    if (this.carried.has(name)) return;
    const own = [...this.holds()].filter((hold) => isOf(hold, counter));
    const open = own.filter(({ isOpen }) => isOpen);
    for (const { requestId } of open) this.join(requestId, name);
    const ended = own.filter(({ isOpen }) => !isOpen);
    this.carried.set(name, [
      ...ended.map(({ endedAt: at, charged }) => ({ at, settled: charged, held: 0n })),
      ...open.map(({ countedAt: at, drawn }) => ({ at, settled: -drawn, held: 0n })),
    ]);
  }

  /** A hold is in every counter of its subjects that has begun. */
  admit(hold: SizedHold): void {
    for (const subject of subjectsOf(hold))
      for (const span of ['life', '5h', '1d', '7d'] as const) {
        const name = counterName({ accountId: hold.accountId, subject, span });
        if (this.carried.has(name)) this.join(hold.requestId, name);
      }
  }

  useOf(counter: Counter, now: number): Omit<CapUse, 'cap'> {
    const moves = this.within(counter, now);
    const oldest = this.buckets(counter, now)[0]?.at ?? now;
    return {
      settled: moves.reduce((sum, { settled }) => sum + settled, 0n),
      held: moves.reduce((sum, { held }) => sum + held, 0n),
      leavesAt: leavesAt(counter.span, bucketOf(counter.span, oldest)),
    };
  }

  buckets(counter: Counter, now: number): readonly SettledBucket[] {
    const sums = new Map<number, NanoUsd>();
    for (const { at, settled } of this.within(counter, now)) {
      const bucket = bucketOf(counter.span, at);
      sums.set(bucket, (sums.get(bucket) ?? 0n) + settled);
    }
    return Array.from(sums, ([at, settled]) => ({ at, settled }))
      .filter(({ settled }) => settled > 0n)
      .sort((one, other) => one.at - other.at);
  }

  private within(counter: Counter, now: number): readonly Move[] {
    const name = counterName(counter);
    const live = [...this.holds()].filter(({ requestId }) => this.joined.get(requestId)?.has(name));
    const moves = live.map(({ countedAt: at, charged, drawn, left: held }) => ({ at, settled: charged + drawn, held }));
    return [...(this.carried.get(name) ?? []), ...moves].filter(
      ({ at }) => leavesAt(counter.span, bucketOf(counter.span, at)) > now,
    );
  }

  private join(requestId: string, name: string): void {
    this.joined.set(requestId, (this.joined.get(requestId) ?? new Set()).add(name));
  }
}

const isOf = (hold: SizedHold, { accountId, subject }: Counter): boolean =>
  hold.accountId === accountId && subjectsOf(hold).includes(subject);
