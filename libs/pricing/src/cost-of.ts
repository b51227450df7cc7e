import { roundPicoToNano, USAGE_CLASSES, type NanoUsd, type PicoUsd, type Usage } from '@bytespike/kernel';

import { unitPrice, type UnitPrices } from './unit-prices.js';

/** What usage comes to, before and after the one rounding. */
export interface Cost {
  /** Before rounding; kept with the usage row for audit. */
  readonly exact: PicoUsd;
  /** What the ledger moves: rounded once, half up. */
  readonly rounded: NanoUsd;
}

export const NO_COST: Cost = { exact: 0n, rounded: 0n };

/** The one function that prices usage: a plain sum over disjoint classes, rounded once. */
export function costOf(usage: Usage, prices: UnitPrices): Cost {
  let exact = 0n;
  for (const usageClass of USAGE_CLASSES) {
    const units = usage[usageClass];
    if (units) exact += BigInt(units) * unitPrice(prices, usageClass);
  }
  return { exact, rounded: roundPicoToNano(exact) };
}

/** Splits a cost at what was held: the customer never pays more, the rest is our overrun. */
export function capAtHold(cost: NanoUsd, held: NanoUsd): { readonly charged: NanoUsd; readonly overrun: NanoUsd } {
  return cost > held ? { charged: held, overrun: cost - held } : { charged: cost, overrun: 0n };
}
