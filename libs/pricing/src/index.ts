export { capAtHold, costOf, type Cost } from './cost-of.js';
export { affordableOutput, upperBound, type PriceCandidate, type WorstCase } from './hold-size.js';
export { outcomeCharge, type OutcomeCharge } from './outcome-charge.js';
export { OUTCOME_TABLE, type Billed, type OutcomeFact, type ReceiptFlag } from './outcome-table.js';
export { readUnitPrices, unitPrice, type UnitPrices } from './unit-prices.js';
