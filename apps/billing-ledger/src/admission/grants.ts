import type { Carved } from '@bytespike/contracts';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';
import { capAtHold } from '@bytespike/pricing';
import { LRUCache } from 'lru-cache';

import type { Grant } from '../domain/grant.js';
import {
  grantAmount,
  GRANT_HOLDS_MAX,
  GRANT_HOLDS_MIN,
  paceAfter,
  restingPace,
  type Pace,
} from '../domain/grant-size.js';
import { likenessOf } from '../domain/likeness.js';
import type { Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { leastRoom, type Standing } from '../domain/standing.js';
import { GrantKeeper, type GrantPorts } from './grant-keeper.js';
import { LastHeard } from './last-heard.js';
import type { EndResult } from '../store/ledger-store.js';

/** A request that was admitted from memory. */
export interface CarvedAdmission {
  readonly hold: SizedHold;
  readonly carved: Carved;
  readonly standing: Standing;
}

/** A hold that has no row yet. */
export interface CarvedHold {
  readonly hold: SizedHold;
  readonly grantId: string;
}

/** Most that are remembered; who is forgotten is admitted by the store. */
const KEYS_MAX = 10_000;

/** What is remembered of a key that asks, for one model and under the same caps. */
interface Key {
  pace: Pace;
  /** Size of its next grant, in holds of the size it asks for. */
  holds: number;
  current: Grant | undefined;
  /** Whether its next grant is on its way. */
  isAsking: boolean;
}

/**
 * Admission from memory (ADR 0012). For a busy key the store holds back money for many requests in one commit, a grant,
 * and each request's hold is carved from it here. The money is held before anybody is admitted against it, so no limit
 * that the grant was admitted against can be overshot; it meets every cap in the name of its requests, so these are of one
 * member and one model and under the very same caps, a limit that was lowered being another one. What a request costs is
 * charged to its grant when its fact is settled, by whichever ledger hears the fact. Everybody else is admitted by the store,
 * hold by hold.
 */
export class Grants {
  private readonly keys = new LRUCache<string, Key>({ max: KEYS_MAX });
  private readonly heard = new LastHeard();
  private readonly keeper: GrantKeeper;

  constructor(private readonly ports: GrantPorts) {
    this.keeper = new GrantKeeper(ports);
  }

  /** Admits a request from its key's grant, or answers undefined: then the store decides. Throws `conflict`. */
  carve(hold: SizedHold): CarvedAdmission | undefined {
    const key = this.keyOf(hold);
    const now = this.ports.now();
    key.pace = paceAfter(key.pace, now);
    const earlier = this.keeper.holding(hold.requestId);
    if (earlier) return this.repeat(hold, earlier);
    if (key.current?.isRetired) key.current = undefined;
    const grant = key.current;
    if (!grant) return undefined;
    const standing = this.heard.of(hold, now);
    // A request that is over is known to the store, which then says so.
    const isCarved = standing && !grant.hasEnded(hold.requestId) && this.keeper.carve(grant, hold);
    if (grant.isTight()) this.grow(key, hold, grant);
    if (grant.isAgeing(now)) this.ask(key, hold);
    if (!isCarved) return undefined;
    return { hold, carved: grant.carvedAs(hold), standing };
  }

  /** Hears of a request that the store has admitted; asks for a grant when its key is busy. */
  admitted(hold: SizedHold, standing: Standing): void {
    this.heard.hear(hold.accountId, standing);
    const key = this.keyOf(hold);
    if (key.pace.isBusy && !key.current) this.ask(key, hold);
  }

  /** For whom the store has refused: gives back what the account's grants have left, and answers whether there were any. */
  async giveBack(accountId: string): Promise<boolean> {
    for (const key of this.keys.values()) if (key.current?.terms.accountId === accountId) key.current = undefined;
    return this.keeper.giveBack(accountId);
  }

  /** Money came from elsewhere: what was heard of the wallet is not true any more. */
  forget(accountId: string): void {
    this.heard.forget(accountId);
  }

  /** Ends a request, whose hold may have been carved here without its fact saying so: a caller that never heard of it. */
  async end(settlement: Settlement): Promise<EndResult> {
    const { requestId, cost } = settlement;
    const grant = this.keeper.holding(requestId);
    const hold = grant?.find(requestId);
    if (!grant || !hold) return this.ports.ends.submit(settlement);
    // What lapses may have been charged elsewhere at this very moment: nothing of it is free before the store says so.
    if (settlement.state !== 'expired') grant.price(requestId, cost);
    const result = await this.ports.ends.submit({ ...settlement, carved: grant.carvedAs(hold) });
    const { charged } = capAtHold(cost, hold.amount);
    const hasEndedSo = result.kind === 'ended';
    this.keeper.end(grant, requestId, hasEndedSo ? charged : undefined);
    if (hasEndedSo) this.heard.charge(grant.terms, charged);
    return result;
  }

  /** Whether a request that was carved here has not ended. */
  holds(requestId: string): boolean {
    return this.keeper.holding(requestId) !== undefined;
  }

  /** What a request that was carved here, and has not ended, was admitted with. */
  find(requestId: string): CarvedHold | undefined {
    const grant = this.keeper.holding(requestId);
    const hold = grant?.find(requestId);
    return grant && hold && { hold, grantId: grant.terms.id };
  }

  /** Open requests that were carved here, by the process that will report them. */
  openByReporter(): ReadonlyMap<string, readonly string[]> {
    return this.keeper.openByReporter();
  }

  /** Looks after the grants once; they see to it themselves, by the clock. */
  round(): Promise<void> {
    return this.keeper.round();
  }

  /** Gives everything back that nobody needs any more; from then on the store admits. */
  async close(): Promise<void> {
    this.keys.clear();
    await this.keeper.close();
  }

  /** The same request gets the same answer; another one under its id must not run on it. */
  private repeat(hold: SizedHold, grant: Grant): CarvedAdmission {
    const known = grant.find(hold.requestId);
    if (known?.hashInput() !== hold.hashInput())
      throw new GatewayError('conflict', 'This request id is in use for another request.');
    const at = this.ports.now();
    const standing = this.heard.of(hold, at) ?? { at, wallet: { available: 0n, held: 0n }, uses: [] };
    return { hold: known, carved: grant.carvedAs(known), standing };
  }

  private keyOf(hold: SizedHold): Key {
    const name = likenessOf(hold);
    let key = this.keys.get(name);
    if (!key) {
      key = { pace: restingPace, holds: GRANT_HOLDS_MIN, current: undefined, isAsking: false };
      this.keys.set(name, key);
    }
    return key;
  }

  /** The next grant is twice as large, and comes at once, unless the wallet cannot spare more than this one. */
  private grow(key: Key, hold: SizedHold, grant: Grant): void {
    if (key.isAsking) return;
    key.holds = Math.min(2 * key.holds, GRANT_HOLDS_MAX);
    if ((this.amountFor(key, hold) ?? 0n) > grant.terms.amount) this.ask(key, hold);
  }

  private amountFor({ holds }: Key, hold: SizedHold): NanoUsd | undefined {
    const standing = this.heard.of(hold, this.ports.now());
    return standing && grantAmount(hold.amount, holds, leastRoom(standing));
  }

  private ask(key: Key, like: SizedHold): void {
    if (key.isAsking) return;
    const amount = this.amountFor(key, like);
    if (amount === undefined) return;
    key.isAsking = true;
    void this.keeper
      .take(like, amount)
      .then((taken) => {
        if (!taken) return;
        this.heard.hear(like.accountId, taken.standing);
        if (key.current) void this.keeper.retire(key.current);
        key.current = taken.grant;
      })
      .finally(() => {
        key.isAsking = false;
      });
  }
}
