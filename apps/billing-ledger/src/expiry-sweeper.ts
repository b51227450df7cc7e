import type { GroupCommit } from '@bytespike/database';

import { expired, type Settlement } from './domain/settlement.js';
import type { EndResult, LedgerStore } from './ledger-store.js';

/** What the sweeper has to know about the stream of usage facts. */
export interface SettlementQueue {
  /**
   * Epoch milliseconds before which every fact that was stored has been handled; `undefined` when the stream cannot
   * say, for instance because it is away.
   */
  handledUntil(): Promise<number | undefined>;
}

export interface SweepPorts {
  readonly store: LedgerStore;
  readonly ends: GroupCommit<Settlement, EndResult>;
  readonly queue: SettlementQueue;
  readonly now: () => number;
  /** How long the stream must have answered without a gap, so that reporters it had cut off have reported again. */
  readonly settlingInMs: number;
}

const HOLDS_PER_SWEEP = 500;

/**
 * Voids holds that nobody ended by 15 minutes after their request's deadline: a crash never charges. But a settlement
 * may still be queued, and it must win. A request reports within seconds of its end and repeats until the stream has
 * stored the fact, so a hold may lapse once
 *
 * 1. every fact stored before the hold's expiry has been handled (its own would be among them), and
 * 2. the stream has answered without a gap for a while, two minutes unless told otherwise (a reporter that was cut
 *    off has repeated itself).
 *
 * Anything unknown postpones: a hold too long costs a customer nothing but patience, a lost settlement costs us.
 */
export class ExpirySweeper {
  private answeringSince: number | undefined;

  constructor(private readonly ports: SweepPorts) {}

  /** One pass; resolves to the number of holds that lapsed. */
  async sweep(): Promise<number> {
    const now = this.ports.now();
    const handledUntil = await this.ports.queue.handledUntil();
    if (handledUntil === undefined) {
      this.answeringSince = undefined;
      return 0;
    }
    this.answeringSince ??= now;
    if (now - this.answeringSince < this.ports.settlingInMs) return 0;
    const overdue = await this.ports.store.overdueHolds(Math.min(now, handledUntil), HOLDS_PER_SWEEP);
    const ended = await Promise.all(overdue.map((requestId) => this.ports.ends.submit(expired(requestId))));
    return ended.filter(({ kind }) => kind === 'ended').length;
  }
}
