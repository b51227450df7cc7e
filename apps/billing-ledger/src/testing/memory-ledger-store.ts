import type { NanoUsd } from '@bytespike/kernel';
import { capAtHold } from '@bytespike/pricing';

import { isCarved, type CarvedSettlement, type HoldState, type Settlement } from '../domain/settlement.js';
import type { SizedHold } from '../domain/size-hold.js';
import { leastRoom, type Counter, type Standing, type Wallet } from '../domain/standing.js';
import type { UsageQuery, UsageRecord } from '../domain/usage-page.js';
import {
  LedgerStore,
  type Credit,
  type CreditResult,
  type EndResult,
  type ExtendResult,
  type HoldResult,
  type PriceRow,
  type SettledBucket,
  type StandingQuery,
} from '../store/ledger-store.js';
import { MemoryCounters } from './memory-counters.js';

interface KeptHold extends SizedHold {
  readonly inputHash: string;
  state: HoldState;
  /** Of a grant: what it has been charged and what it has given back. */
  drawn: NanoUsd;
  returned: NanoUsd;
  charged: NanoUsd;
  readonly countedAt: number;
  endedAt: number;
  readonly grantId?: string;
}

const EMPTY: Wallet = { available: 0n, held: 0n };
const NOTHING = { drawn: 0n, returned: 0n, charged: 0n };

/** The ledger as a few maps: the model that Postgres is compared with, and the store of unit tests. */
export class MemoryLedgerStore extends LedgerStore {
  readonly accounts = new Map<string, Wallet>();
  readonly holds = new Map<string, KeptHold>();
  readonly paid = new Map<string, NanoUsd>();
  readonly quarantined = new Map<string, string>();
  private readonly credits = new Map<string, Credit>();
  private readonly priceRows = new Map<string, PriceRow>();
  private readonly counters = new MemoryCounters(() => this.countedHolds());

  /** Its clock stands still, or is in the test's hands. */
  constructor(private readonly now: () => number = () => 0) {
    super();
  }

  override hold(items: readonly SizedHold[]): Promise<readonly HoldResult[]> {
    return Promise.resolve(items.map((item) => this.holdOne(item)));
  }

  override extend(item: SizedHold): Promise<ExtendResult> {
    const hold = this.holds.get(item.requestId);
    if (hold?.state !== 'held' || hold.inputHash !== item.hashInput()) return Promise.resolve({ kind: 'over' });
    const { amount, maxOutputTokens } = hold;
    if (maxOutputTokens >= item.maxOutputTokens) return Promise.resolve({ kind: 'extended' });
    const standing = this.standingOf(item);
    const added = item.amount - amount;
    if (added > leastRoom(standing))
      return Promise.resolve({ kind: 'refused', ...standing, hold: { amount, maxOutputTokens } });
    this.holds.set(item.requestId, { ...hold, amount: item.amount, maxOutputTokens: item.maxOutputTokens });
    this.move(item.accountId, -added, added);
    return Promise.resolve({ kind: 'extended' });
  }

  override end(items: readonly Settlement[]): Promise<readonly EndResult[]> {
    return Promise.resolve(items.map((item) => this.endOne(item)));
  }

  override credit(credit: Credit): Promise<CreditResult> {
    const { available } = this.walletOf(credit.accountId);
    const earlier = this.credits.get(credit.transactionId);
    if (earlier) {
      const isSame = earlier.accountId === credit.accountId && earlier.amount === credit.amount;
      return Promise.resolve(isSame ? { kind: 'repeated', available } : { kind: 'conflict' });
    }
    if (available + credit.amount < 0n) return Promise.resolve({ kind: 'uncovered' });
    this.credits.set(credit.transactionId, credit);
    this.move(credit.accountId, credit.amount, 0n);
    return Promise.resolve({ kind: 'credited', available: available + credit.amount });
  }

  override overdueHolds(before: number, limit: number): Promise<readonly string[]> {
    const overdue = [...this.holds.values()].filter((hold) => hold.state === 'held' && hold.expiresAt < before);
    const sorted = overdue.sort((one, other) => one.expiresAt - other.expiresAt);
    return Promise.resolve(sorted.slice(0, limit).map(({ requestId }) => requestId));
  }

  override wallets(accountIds: readonly string[]): Promise<readonly Wallet[]> {
    return Promise.resolve(accountIds.map((id) => this.walletOf(id)));
  }

  override standings(queries: readonly StandingQuery[]): Promise<readonly Standing[]> {
    return Promise.resolve(queries.map((query) => this.standingOf(query)));
  }

  override buckets(counters: readonly Counter[]): Promise<readonly (readonly SettledBucket[])[]> {
    return Promise.resolve(counters.map((counter) => this.counters.buckets(counter, this.now())));
  }

  override pruneSpend(_limit: number): Promise<number> {
    return Promise.resolve(0);
  }

  override recordPrices(prices: readonly PriceRow[]): Promise<readonly PriceRow[]> {
    for (const row of prices) if (!this.priceRows.has(row.id)) this.priceRows.set(row.id, row);
    return Promise.resolve(prices.flatMap(({ id }) => this.priceRows.get(id) ?? []));
  }

  override prices(): Promise<readonly PriceRow[]> {
    return Promise.resolve([...this.priceRows.values()]);
  }

  override heldInAll(): Promise<NanoUsd> {
    return Promise.resolve([...this.accounts.values()].reduce((sum, { held }) => sum + held, 0n));
  }

  override imbalance(): Promise<NanoUsd> {
    return Promise.resolve(0n);
  }

  override usage(_query: UsageQuery): Promise<readonly UsageRecord[]> {
    return Promise.resolve([]);
  }

  override makeMonths(ahead: number): Promise<number> {
    return Promise.resolve(ahead);
  }

  override verify(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  private holdOne(item: SizedHold): HoldResult {
    const known = this.holds.get(item.requestId);
    const standing = this.standingOf(item);
    if (known) return { kind: 'known', ...standing, hold: known };
    if (item.amount > leastRoom(standing)) return { kind: 'refused', ...standing };
    const countedAt = this.now() + (item.carvedForMs ?? 0);
    this.holds.set(item.requestId, {
      ...item,
      inputHash: item.hashInput(),
      state: 'held',
      ...NOTHING,
      countedAt,
      endedAt: 0,
    });
    this.counters.admit(item);
    this.move(item.accountId, -item.amount, item.amount);
    return { kind: 'admitted', ...this.standingOf(item) };
  }

  private standingOf({ accountId, caps }: StandingQuery): Standing {
    const at = this.now();
    for (const cap of caps) this.counters.begin({ accountId, ...cap });
    const uses = caps.map((cap) => ({ cap, ...this.counters.useOf({ accountId, ...cap }, at) }));
    return { at, wallet: this.walletOf(accountId), uses };
  }

  private *countedHolds() {
    for (const hold of this.holds.values()) {
      const isOpen = hold.state === 'held';
      const left = isOpen ? hold.amount - hold.drawn - hold.returned : 0n;
      yield { ...hold, isOpen, left };
    }
  }

  override releaseGrant(grantId: string, amount: NanoUsd): Promise<void> {
    const grant = this.holds.get(grantId);
    if (grant?.state !== 'held' || grant.returned > 0n || amount <= 0n) return Promise.resolve();
    grant.returned = amount;
    this.move(grant.accountId, amount, -amount);
    return Promise.resolve();
  }

  override readEnds(requestIds: readonly string[]): Promise<ReadonlyMap<string, NanoUsd>> {
    const ended = requestIds.flatMap((id) => {
      const hold = this.holds.get(id);
      return hold && hold.state !== 'held' ? [[id, hold.charged] as const] : [];
    });
    return Promise.resolve(new Map(ended));
  }

  private endOne(settlement: Settlement): EndResult {
    const { requestId, state, cost, quarantine } = settlement;
    const hold = this.holds.get(requestId);
    if (!hold) return isCarved(settlement) ? this.spend(settlement) : { kind: 'unknown' };
    if (hold.state !== 'held') return { kind: 'repeated', state: hold.state };
    const { charged } = capAtHold(cost, hold.amount);
    const back = hold.amount - hold.drawn - hold.returned;
    hold.state = state;
    hold.charged = charged;
    hold.endedAt = this.now();
    this.move(hold.accountId, back - charged, -back);
    if (state === 'settled') this.paid.set(requestId, charged);
    if (quarantine) this.quarantined.set(requestId, quarantine.reason);
    return { kind: 'ended' };
  }

  private spend({ requestId, state, cost, carved, quarantine }: CarvedSettlement): EndResult {
    const grant = this.holds.get(carved.grantId);
    if (!grant) return { kind: 'unknown' };
    if (grant.state !== 'held') return { kind: 'repeated', state: grant.state };
    const { charged } = capAtHold(cost, carved.amount);
    grant.drawn += charged;
    const { carvedForMs: _, ...own } = grant;
    this.holds.set(requestId, { ...own, ...carved, ...NOTHING, requestId, state, charged, endedAt: this.now() });
    this.move(grant.accountId, 0n, -charged);
    if (state === 'settled') this.paid.set(requestId, charged);
    if (quarantine) this.quarantined.set(requestId, quarantine.reason);
    return { kind: 'ended' };
  }

  private walletOf(accountId: string): Wallet {
    return this.accounts.get(accountId) ?? EMPTY;
  }

  private move(accountId: string, available: NanoUsd, held: NanoUsd): void {
    const wallet = this.walletOf(accountId);
    this.accounts.set(accountId, { available: wallet.available + available, held: wallet.held + held });
  }
}
