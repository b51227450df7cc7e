import type { UsageFact } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { UnitPrices } from '@bytespike/pricing';
import { reached } from '@bytespike/service';

import { settlementOf, unstorable, type Settlement, type UsageLine } from '../domain/settlement.js';
import type { EndResult } from '../store/ledger-store.js';

/**
 * What became of a usage fact. Of those without an open hold, `repeated` had its end before and `unheld` says of no hold that
 * nothing ran; `late` and `unknown` should have been paid for.
 */
export type FactResult = 'settled' | 'voided' | 'quarantined' | 'repeated' | 'late' | 'unknown' | 'unheld' | 'free';

export interface SettlementPorts {
  readonly prices: { find(id: string | undefined): Promise<UnitPrices | undefined> };
  readonly end: (settlement: Settlement) => Promise<EndResult>;
  /** `billed` is the row that this fact has left, if it has. */
  readonly observe: (result: FactResult, fact: UsageFact, billed: UsageLine | undefined) => void;
}

type Prices = SettlementPorts['prices'];

/**
 * Settles a batch of facts; resolves when each has its row, so that the stream may forget them. Rejects only when the
 * store cannot answer: then the facts come again, and those that were settled meanwhile change nothing.
 */
export async function settleFacts(facts: readonly UsageFact[], ports: SettlementPorts): Promise<void> {
  reached('ledger.fact.received');
  const batchPrices = onceForEach(ports.prices);
  const ends = await Promise.allSettled(facts.map((fact) => settleFact(fact, batchPrices, ports)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  reached('ledger.fact.settled');
}

/** A batch names few versions, and what is known of them does not change. */
function onceForEach(prices: Prices): Prices {
  const found = new Map<string | undefined, Promise<UnitPrices | undefined>>();
  return {
    find(id) {
      let price = found.get(id);
      if (!price) found.set(id, (price = prices.find(id)));
      return price;
    },
  };
}

type Ports = Pick<SettlementPorts, 'end' | 'observe'>;

async function settleFact(fact: UsageFact, prices: Prices, { end, observe }: Ports): Promise<void> {
  // A free operation was admitted without a hold, so there is nothing to end.
  if (fact.operation === 'count') return observe('free', fact, undefined);
  const settlement = settlementOf(fact, await prices.find(fact.priceVersion));
  const result = await endOrSubstitute(settlement, end);
  observe(result, fact, result === 'settled' ? settlement.usage : undefined);
}

/** A transaction may fail for what others do at the same moment (a deadlock, say): that is not the fault of its fact. */
const TRIES_MAX = 3;

async function endOrSubstitute(settlement: Settlement, end: SettlementPorts['end']): Promise<FactResult> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    try {
      return resultOf(settlement, await end(settlement));
    } catch (error) {
      if (error instanceof GatewayError && error.kind === 'unavailable') throw error;
    }
  }
  // The store takes the others of its batch and refuses this one; left in the stream it would come for ever.
  const substitute = unstorable(settlement);
  return resultOf(substitute, await end(substitute));
}

function resultOf(settlement: Settlement, end: EndResult): FactResult {
  const mayCost = settlement.state === 'settled' || settlement.quarantine !== undefined;
  // Whoever does not hear whether it has a hold says that nothing ran, and often there was none.
  if (end.kind === 'unknown') return mayCost ? 'unknown' : 'unheld';
  // The hold had lapsed to nothing: the customer keeps the money, and the alarm is ours.
  if (end.kind === 'repeated') return mayCost && end.state === 'expired' ? 'late' : 'repeated';
  if (settlement.quarantine) return 'quarantined';
  return settlement.state === 'settled' ? 'settled' : 'voided';
}
