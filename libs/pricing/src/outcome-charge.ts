import { INPUT_CLASSES, PIECE_CLASSES, type Usage, type UsageClass } from '@bytespike/kernel';

import { costOf, NO_COST, type Cost } from './cost-of.js';
import { rowFor, type Billed, type OutcomeFact, type ReceiptFlag, type UNPRICED } from './outcome-table.js';
import { pricesPieces, type UnitPrices } from './unit-prices.js';

/** What an ending bills, and by which row of the table. */
export interface OutcomeCharge {
  /** The row of the outcome table that decided. */
  readonly rule: string;
  readonly billed: Billed;
  /** Units billed by class; empty when nothing is. */
  readonly units: Usage;
  /** Before the cap at the hold (`capAtHold`). */
  readonly cost: Cost;
  readonly flags: readonly ReceiptFlag[];
}

/** A cost beyond this (a million USD for one request) is a vendor's mistake in its numbers, not a bill. */
const BELIEVABLE_NANO_USD_MAX = 1_000_000n * 1_000_000_000n;

const REPORTED_INPUT: readonly UsageClass[] = [...INPUT_CLASSES, 'imageInput', 'audioInput'];

/**
 * How a finished request is billed: the outcome table applied to its fact, at the prices of the target that
 * answered. Total: every outcome has an answer, and one that cannot be priced is free and quarantined.
 */
export function outcomeCharge(
  fact: OutcomeFact,
  context: { readonly inputTokensEstimate: number; readonly prices: UnitPrices | undefined },
): OutcomeCharge {
  const row = rowFor(fact);
  const flags = row.flag ? [row.flag] : [];
  if (row.bills === 'nothing') return { rule: row.rule, billed: 'nothing', units: {}, cost: NO_COST, flags };
  if (!context.prices) return doubted('no-price');
  const units = unitsOf(row.bills, fact, context.inputTokensEstimate);
  if (!pricesPieces(context.prices, units)) return doubted('no-price');
  const cost = costOf(units, context.prices);
  if (cost.rounded > BELIEVABLE_NANO_USD_MAX) return doubted('unbelievable');
  return { rule: row.rule, billed: row.bills, units, cost, flags };
}

const doubted = (rule: keyof typeof UNPRICED): OutcomeCharge => ({
  rule,
  billed: 'nothing',
  units: {},
  cost: NO_COST,
  flags: ['quarantined'],
});

const UNITS = {
  nothing: () => ({}),
  reported: (fact) => fact.usage ?? {},
  pieces: ({ usage }) => only(PIECE_CLASSES, usage),
  counted: (fact, inputTokensEstimate) => fact.usage ?? { input: inputTokensEstimate, output: fact.deliveredOutput },
  delivered: (fact, inputTokensEstimate) => ({
    ...(inputOf(fact.usage) ?? { input: inputTokensEstimate }),
    output: fact.deliveredOutput,
  }),
} as const satisfies Record<Billed, (fact: OutcomeFact, inputTokensEstimate: number) => Usage>;

const unitsOf = (billed: Billed, fact: OutcomeFact, inputTokensEstimate: number): Usage =>
  UNITS[billed](fact, inputTokensEstimate);

/** The input a vendor had reported by the time the caller left; `undefined` when it had reported none. */
function inputOf(usage: Usage | undefined): Usage | undefined {
  const reported = only(REPORTED_INPUT, usage);
  return Object.keys(reported).length > 0 ? reported : undefined;
}

/** What was used of some classes; a class of which nothing was is absent. */
function only(classes: readonly UsageClass[], usage: Usage = {}): Usage {
  const used = classes.flatMap((usageClass) => {
    const units = usage[usageClass];
    return units ? [[usageClass, units] as const] : [];
  });
  return Object.fromEntries(used);
}
