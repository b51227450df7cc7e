import { PriceVersion, usdPerMillionOf } from '@bytespike/catalog';
import { GatewayError } from '@bytespike/kernel';
import { readUnitPrices, type PriceCandidate, type UnitPrices } from '@bytespike/pricing';
import { z } from 'zod';

import type { LedgerStore, OfferedPrice, PriceRow } from '../store/ledger-store.js';

/** Where prices come from: the catalogue snapshot that console-api publishes. */
export interface PriceSource {
  snapshot(): Promise<{ readonly version: number; readonly catalogue: unknown; readonly publishedAt?: number }>;
}

export interface PriceBookEvents {
  /** A snapshot was taken over. */
  accepted(version: number): void;
  /** A snapshot could not be read, or sold a known version at another price; what was known stays. */
  rejected(version: number, why: string): void;
}

/** Only the part the ledger knows about; the rest of the catalogue is none of its business. */
const SoldPrice = PriceVersion.pick({
  id: true,
  model: true,
  usdPerMillion: true,
  usdPerImage: true,
  usdPerSecond: true,
  status: true,
  effectiveFrom: true,
});
const PricedCatalogue = z.object({ prices: z.array(SoldPrice) });

/** Price versions are immutable: the first copy that the ledger has kept is the one that counts, for ever. */
export class PriceBook {
  private readonly prices = new Map<string, UnitPrices>();
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly store: LedgerStore,
    private readonly source: PriceSource,
    private readonly events: PriceBookEvents,
  ) {}

  /** Reads what the ledger has kept; enough to go on selling while the catalogue's owner is away. */
  async load(): Promise<void> {
    this.remember(await this.store.prices());
  }

  /** Takes over the published snapshot. Callers that come while one is on its way share it. */
  refresh(): Promise<void> {
    this.refreshing ??= this.readSnapshot().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** The prices of every target of a plan. One that nobody can name a price for is `unavailable`: never sold unpriced. */
  async candidates(ids: readonly string[]): Promise<readonly PriceCandidate[]> {
    if (ids.some((id) => !this.prices.has(id))) await this.load();
    if (ids.some((id) => !this.prices.has(id))) await this.refresh();
    return ids.map((id) => {
      const prices = this.prices.get(id);
      if (!prices) throw new GatewayError('unavailable', `price version ${id} is not known to the ledger yet`);
      return { id, prices };
    });
  }

  /** The prices a fact is settled at; `undefined` when no such version was ever sold. */
  async find(id: string | undefined): Promise<UnitPrices | undefined> {
    if (id === undefined) return undefined;
    // A hold names only versions that were kept before it, so a version that is not kept now was never held for.
    if (!this.prices.has(id)) await this.load();
    return this.prices.get(id);
  }

  private async readSnapshot(): Promise<void> {
    const { version, catalogue, publishedAt } = await this.source.snapshot();
    const parsed = PricedCatalogue.safeParse(catalogue);
    if (!parsed.success) {
      this.events.rejected(version, 'its price list does not parse');
      return;
    }
    const offered = parsed.data.prices.map((price) => offeredFrom(price, publishedAt));
    const kept = await this.store.recordPrices(offered);
    this.remember(kept);
    const altered = alteredPrices(offered, kept);
    if (altered.length > 0)
      this.events.rejected(version, `it sells known price versions at other prices: ${altered.join(', ')}`);
    else this.events.accepted(version);
  }

  private remember(rows: readonly PriceRow[]): void {
    for (const { id, usdPerMillion } of rows)
      if (!this.prices.has(id)) this.prices.set(id, readUnitPrices(usdPerMillion));
  }
}

/** A price is sold from the day that it names, and not before a snapshot that holds it was published. */
function offeredFrom(price: z.output<typeof SoldPrice>, publishedAt = Date.now()): OfferedPrice {
  const { id, model, status, effectiveFrom } = price;
  const soldFrom = Math.max(publishedAt, Date.parse(effectiveFrom));
  return { id, model, status, usdPerMillion: usdPerMillionOf(price), soldFrom };
}

function alteredPrices(offered: readonly PriceRow[], kept: readonly PriceRow[]): readonly string[] {
  const keptById = new Map(kept.map((row) => [row.id, row]));
  return offered.filter((row) => !samePrices(row, keptById.get(row.id))).map(({ id }) => id);
}

const samePrices = (one: PriceRow, other: PriceRow | undefined): boolean => {
  const classes = new Set([...Object.keys(one.usdPerMillion), ...Object.keys(other?.usdPerMillion ?? {})]);
  return [...classes].every((usageClass) => one.usdPerMillion[usageClass] === other?.usdPerMillion[usageClass]);
};
