import type { Carved, UsageFact } from '@bytespike/contracts';
import type { NanoUsd, PicoUsd, Usage } from '@bytespike/kernel';
import { outcomeCharge, type UnitPrices } from '@bytespike/pricing';

/** The one state a hold begins in, and the three it can end in. */
export type HoldState = 'held' | 'settled' | 'voided' | 'expired';

/** How a request went, for its receipt: kept of every one that a fact has told of. */
export interface EndLine {
  readonly keyId: string;
  readonly keyHint: string;
  readonly model: string;
  readonly protocol: string;
  readonly stream: boolean;
  readonly ending: string;
  readonly rule: string;
  readonly flags: readonly string[];
  readonly attempts: UsageFact['outcome']['attempts'];
  readonly startedAt: number;
  readonly durationMs: number;
}

/** The usage row that is written with a settlement. */
export interface UsageLine extends EndLine {
  readonly organisationId: string | undefined;
  readonly memberId: string | undefined;
  readonly priceVersion: string;
  readonly units: Usage;
  readonly costPico: PicoUsd;
}

/** How a hold ends. The store charges `cost` up to the hold and books the rest as our overrun. */
export interface Settlement {
  readonly requestId: string;
  readonly state: Exclude<HoldState, 'held'>;
  readonly cost: NanoUsd;
  /** Present exactly when something is billed, be it zero: failures leave no row (contract 6.2). */
  readonly usage?: UsageLine;
  /** Present when a fact has told of a request that is free; absent for grants, and for what nobody has told of. */
  readonly unbilled?: EndLine;
  /** Present when an operator has to look at the fact. */
  readonly quarantine?: { readonly reason: string; readonly fact: UsageFact | { readonly requestId: string } };
  /** Present when the hold has no row: what it was admitted as, and the grant that it is charged to. */
  readonly carved?: Carved | undefined;
}

export type CarvedSettlement = Settlement & { readonly carved: Carved };

export const isCarved = (settlement: Settlement): settlement is CarvedSettlement => settlement.carved !== undefined;

/** What a usage fact does to its hold, by the outcome table and the prices of the target that answered. */
export function settlementOf(fact: UsageFact, prices: UnitPrices | undefined): Settlement {
  const charge = outcomeCharge(fact.outcome, { inputTokensEstimate: fact.inputTokensEstimate, prices });
  const { requestId, carved } = fact;
  if (charge.billed !== 'nothing')
    return { requestId, state: 'settled', cost: charge.cost.rounded, usage: usageLine(fact, charge), carved };
  const isDoubted = charge.flags.includes('quarantined');
  const unbilled = endLine(fact, charge);
  return { ...voided(requestId), unbilled, carved, ...(isDoubted && { quarantine: { reason: charge.rule, fact } }) };
}

/** A failure costs nothing. */
export const voided = (requestId: string): Settlement => ({ requestId, state: 'voided', cost: 0n });

/** What nobody reported in time costs nothing either. */
export const expired = (requestId: string): Settlement => ({ requestId, state: 'expired', cost: 0n });

type Charge = ReturnType<typeof outcomeCharge>;

/** How a request went by a rule, as its fact tells it. */
export const endLine = (fact: UsageFact, charge: Pick<Charge, 'rule' | 'flags'>): EndLine => ({
  keyId: fact.keyId,
  keyHint: fact.keyHint,
  model: fact.model,
  protocol: fact.protocol,
  stream: fact.stream,
  ending: fact.outcome.ending,
  rule: charge.rule,
  flags: charge.flags,
  attempts: fact.outcome.attempts,
  startedAt: fact.startedAt,
  durationMs: Math.round(fact.durationMs),
});

const usageLine = (fact: UsageFact, charge: Charge): UsageLine => ({
  ...endLine(fact, charge),
  organisationId: fact.organisationId,
  memberId: fact.memberId,
  priceVersion: fact.priceVersion ?? '',
  units: charge.units,
  costPico: charge.cost.exact,
});

/** A fact that the store refuses to take: free, and what is left of it goes to an operator. */
export const unstorable = ({ requestId, carved }: Settlement): Settlement => ({
  ...voided(requestId),
  carved,
  quarantine: { reason: 'unstorable', fact: { requestId } },
});
