import type { GroupCommit } from '@bytespike/database';
import type { NanoUsd } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

import { Grant } from '../domain/grant.js';
import { voided, type Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import type { Standing } from '../domain/standing.js';
import type { EndResult, HoldResult, LedgerStore } from '../store/ledger-store.js';

export interface GrantPorts {
  readonly store: Pick<LedgerStore, 'releaseGrant' | 'readEnds'>;
  readonly holds: GroupCommit<SizedHold, HoldResult>;
  readonly ends: GroupCommit<Settlement, EndResult>;
  /** This ledger, which alone knows what is carved from its grants. */
  readonly reporter: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** Told when the store could not be asked; the next round asks again. */
  readonly onFailure: (error: unknown) => void;
}

export const GRANT_TIMES = {
  /** For how long a grant is carved from; then another takes its place, and it ends with its last request. */
  carveMs: 5_000,
  /** A grant that nobody has carved from for this long is given back. */
  idleMs: 750,
  /** How often grants are looked after, while there are any. */
  roundMs: 250,
  /** Of a carve that has not ended by then another ledger may have heard the end: it is asked for, ever more seldom. */
  unheardMs: 2_000,
  unheardMsMax: 60_000,
} as const;

/** Ends asked for at once. */
const UNHEARD_MAX = 1_000;

/**
 * The lives of this process's grants: taken as holds like any other, given back when they are idle or old, ended with
 * the last request that was carved from them. A grant that nobody can look after any more lapses like any other hold.
 */
export class GrantKeeper {
  private readonly live = new Map<Grant, { askedAt: number; waitMs: number }>();
  private readonly retiring = new Map<Grant, Promise<void>>();
  /** Grants that the store has not answered about: it may make them yet, so that nothing of them can be given back. */
  private readonly undecided = new Map<Grant, Promise<unknown>>();
  /** Open requests by the grant that they were carved from. */
  private readonly carvedFrom = new Map<string, Grant>();
  private rounds: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly ports: GrantPorts) {}

  /** The grant from which an open request was carved. */
  holding(requestId: string): Grant | undefined {
    return this.carvedFrom.get(requestId);
  }

  /** Who will report the open requests, by what was carved for them. */
  openByReporter(): ReadonlyMap<string, readonly string[]> {
    const open = new Map<string, string[]>();
    for (const [requestId, grant] of this.carvedFrom) {
      const reporter = grant.find(requestId)?.reporter;
      if (reporter === undefined) continue;
      const ids = open.get(reporter);
      if (ids) ids.push(requestId);
      else open.set(reporter, [requestId]);
    }
    return open;
  }

  /** Admits a request from a grant, if it fits. */
  carve(grant: Grant, hold: SizedHold): boolean {
    const isCarved = grant.carve(hold, this.ports.now());
    if (isCarved) this.carvedFrom.set(hold.requestId, grant);
    return isCarved;
  }

  /** The store says that a carved request has ended, and at what charge unless that was known before. */
  end(grant: Grant, requestId: string, charged?: NanoUsd): void {
    grant.end(requestId, charged);
    this.carvedFrom.delete(requestId);
  }

  /** Has the store hold back money for requests like this one. Never rejects. */
  async take(
    { accountId, keyId, memberId, model, caps, expiresAt }: SizedHold,
    amount: NanoUsd,
  ): Promise<{ readonly grant: Grant; readonly standing: Standing } | undefined> {
    const { now, newId, reporter, holds, onFailure } = this.ports;
    const begun = now();
    const terms = {
      ...{ id: `grant_${newId()}`, accountId, keyId, memberId, model, caps, reporter, amount },
      carveMs: GRANT_TIMES.carveMs,
      carvesUntil: begun + GRANT_TIMES.carveMs,
      // Requests like this one that come until then lapse no later.
      expiresAt: expiresAt + 2 * GRANT_TIMES.carveMs,
    };
    const grant = new Grant(terms, begun);
    this.live.set(grant, { askedAt: begun, waitMs: GRANT_TIMES.unheardMs });
    this.rounds ??= setInterval(() => void this.round(), GRANT_TIMES.roundMs).unref();
    const decided = holds.submit(holdOf(grant)).finally(() => this.undecided.delete(grant));
    this.undecided.set(grant, decided);
    try {
      const { kind, ...standing } = await decided;
      reached('ledger.grant.taken');
      // Meanwhile it may have been asked back.
      if (kind === 'admitted' && !this.isClosed && !grant.isRetired) return { grant, standing };
      if (kind === 'admitted') await this.retire(grant);
      else this.forget(grant);
    } catch (error) {
      onFailure(error);
      // It may have been made all the same. Ending what never was changes nothing.
      grant.retire();
    }
    return undefined;
  }

  /** Nothing more is carved from it: what is left goes back, now and when its last request has ended. Never rejects. */
  retire(grant: Grant): Promise<void> {
    const underWay = this.retiring.get(grant);
    if (underWay) return underWay;
    const done = this.wind(grant)
      .catch(this.ports.onFailure)
      .finally(() => this.retiring.delete(grant));
    this.retiring.set(grant, done);
    return done;
  }

  /** Gives back what an account's grants have left; answers whether there were any. */
  async giveBack(accountId: string): Promise<boolean> {
    const grants = [...this.live.keys()].filter(
      (grant) => grant.terms.accountId === accountId && (!grant.isRetired || this.retiring.has(grant)),
    );
    await Promise.all(grants.map((grant) => this.retire(grant)));
    return grants.length > 0;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.rounds);
    await Promise.all([...this.live.keys()].map((grant) => this.retire(grant)));
  }

  /** Looks after every grant once. Never rejects. */
  async round(): Promise<void> {
    const { now, onFailure } = this.ports;
    const at = now();
    const unheard: (readonly [Grant, readonly string[]])[] = [];
    for (const [grant, seen] of this.live) {
      if (this.undecided.has(grant)) continue;
      const { carvesUntil, expiresAt } = grant.terms;
      if (at >= expiresAt) this.forget(grant);
      else if (grant.isRetired ? grant.isEmpty : at >= carvesUntil || at - grant.lastCarvedAt >= GRANT_TIMES.idleMs)
        void this.retire(grant);
      if (at - seen.askedAt < seen.waitMs) continue;
      seen.askedAt = at;
      const open = grant.openSince(at - GRANT_TIMES.unheardMs);
      if (open.length === 0) continue;
      seen.waitMs = Math.min(2 * seen.waitMs, GRANT_TIMES.unheardMsMax);
      unheard.push([grant, open.slice(0, UNHEARD_MAX)]);
    }
    await Promise.all(unheard.map(([grant, ids]) => this.askFor(grant, ids))).catch(onFailure);
  }

  private async askFor(grant: Grant, requestIds: readonly string[]): Promise<void> {
    const ends = await this.ports.store.readEnds(requestIds);
    for (const [requestId, charged] of ends) this.end(grant, requestId, charged);
  }

  private async wind(grant: Grant): Promise<void> {
    const spare = grant.retire();
    // Whoever asked for it is told of a failure.
    await this.undecided.get(grant)?.catch(() => undefined);
    if (!grant.isEmpty) {
      if (spare > 0n) await this.ports.store.releaseGrant(grant.terms.id, spare);
      return;
    }
    await this.ports.ends.submit(voided(grant.terms.id));
    this.forget(grant);
  }

  private forget(grant: Grant): void {
    this.live.delete(grant);
    for (const requestId of grant.openSince(Number.POSITIVE_INFINITY)) this.carvedFrom.delete(requestId);
    if (this.live.size > 0) return;
    clearInterval(this.rounds);
    this.rounds = undefined;
  }
}

/** A grant as the store sees it: a hold that no request is behind. */
const holdOf = ({ terms: { id, carveMs, carvesUntil: _, ...terms } }: Grant): SizedHold => ({
  ...terms,
  requestId: id,
  carvedForMs: carveMs,
  basis: 'grant',
  maxOutputTokens: 0,
  priceVersions: [],
  hashInput: () => 'grant',
});
