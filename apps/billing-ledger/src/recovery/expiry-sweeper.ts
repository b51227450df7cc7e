import { expired, type Settlement } from '../domain/settlement.js';
import type { Grants } from '../admission/grants.js';
import type { EndResult, LedgerStore } from '../store/ledger-store.js';
import type { OrphanStore } from './orphan-store.js';

/** What the sweeper has to know about the stream of usage facts. */
export interface SettlementQueue {
  /**
   * Epoch milliseconds before which every fact that was stored has been handled; `undefined` when the stream cannot
   * say, for instance because it is away.
   */
  handledUntil(): Promise<number | undefined>;
}

export interface SweepPorts {
  readonly store: Pick<LedgerStore, 'overdueHolds'>;
  readonly orphans: Pick<OrphanStore, 'orphans' | 'silent'>;
  /** Ends holds, those that were carved here included. */
  readonly grants: Pick<Grants, 'openByReporter'> & { end(settlement: Settlement): Promise<EndResult> };
  readonly queue: SettlementQueue;
  readonly now: () => number;
  /** How often this is done. */
  readonly everyMs: number;
  /** How long the stream must have answered without a gap, so that reporters it had cut off have reported again. */
  readonly settlingInMs: number;
  /** How long a reporter must not have been heard before its open holds are orphans. */
  readonly orphanAfterMs: number;
}

/** What one sweep has let go. */
export interface Swept {
  /** Holds whose time was over. */
  readonly lapsed: number;
  /** Holds, grants and carved holds whose reporter had died. */
  readonly orphaned: number;
}

const HOLDS_PER_SWEEP = 500;
const NOTHING: Swept = { lapsed: 0, orphaned: 0 };

/**
 * Voids holds that nobody ended: a crash never charges. A hold's time is over 15 minutes after its request's deadline
 * (contract 0.5), and sooner when the process that would report it has died (ADR 0020). But a settlement may still be
 * queued, and it must win. A request reports within seconds of its end and repeats until the ledger has its end, so a
 * hold may lapse once
 *
 * 1. every fact has been handled that was stored before the hold's expiry, or as long as its reporter was waited for (its
 *    own would be among them), and
 * 2. the stream and the store have answered without a gap for a while (a reporter that was cut off has been heard again).
 *
 * How long a reporter has been silent is told by the clock that its heartbeats were noted by, the store's; ours may be another.
 *
 * Anything unknown postpones: a hold too long costs a customer nothing but patience, a lost settlement costs us.
 */
export class ExpirySweeper {
  private answeringSince: number | undefined;
  private sweptAt: number | undefined;

  constructor(private readonly ports: SweepPorts) {}

  /** One pass. Rejects when the store cannot answer, which is a gap like any other. */
  async sweep(): Promise<Swept> {
    try {
      return await this.pass();
    } catch (error) {
      this.answeringSince = undefined;
      throw error;
    }
  }

  private async pass(): Promise<Swept> {
    const { queue, now, settlingInMs, orphanAfterMs } = this.ports;
    const at = now();
    if (this.stoodStill(at)) this.answeringSince = undefined;
    const handledUntil = await queue.handledUntil();
    if (handledUntil === undefined) {
      this.answeringSince = undefined;
      return NOTHING;
    }
    this.answeringSince ??= at;
    const answeringMs = at - this.answeringSince;
    const until = Math.min(at, handledUntil);
    return {
      lapsed: answeringMs < settlingInMs ? 0 : await this.lapse(until),
      orphaned: answeringMs < Math.max(settlingInMs, orphanAfterMs) ? 0 : await this.letGo(orphanAfterMs + at - until),
    };
  }

  /** A process that was stopped for a while has heard nobody, whatever its clock says it has waited; half the time of a death is a gap. */
  private stoodStill(at: number): boolean {
    const { everyMs, orphanAfterMs } = this.ports;
    const sinceLastMs = at - (this.sweptAt ?? at);
    this.sweptAt = at;
    return sinceLastMs > everyMs + orphanAfterMs / 2;
  }

  private async lapse(before: number): Promise<number> {
    return this.expire(await this.ports.store.overdueHolds(before, HOLDS_PER_SWEEP));
  }

  /** What was carved here has no row to be found by, so its reporters are asked about. */
  private async letGo(silentForMs: number): Promise<number> {
    const { orphans, grants } = this.ports;
    const open = grants.openByReporter();
    const silent = open.size > 0 ? await orphans.silent([...open.keys()], silentForMs) : [];
    const carved = silent.flatMap((reporter) => open.get(reporter) ?? []);
    const found = await orphans.orphans(silentForMs, HOLDS_PER_SWEEP);
    return this.expire([...carved.slice(0, HOLDS_PER_SWEEP), ...found]);
  }

  private async expire(requestIds: readonly string[]): Promise<number> {
    const ends = await Promise.all(requestIds.map((requestId) => this.ports.grants.end(expired(requestId))));
    return ends.filter(({ kind }) => kind === 'ended').length;
  }
}
