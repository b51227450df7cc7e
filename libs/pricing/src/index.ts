export { cacheSaving } from './cache-saving.js';
export { capAtHold, costOf, type Cost } from './cost-of.js';
export {
  affordableOutput,
  affordablePieces,
  piecesUpperBound,
  upperBound,
  type Pieces,
  type PriceCandidate,
  type WorstCase,
} from './hold-size.js';
export { outcomeCharge, type OutcomeCharge } from './outcome-charge.js';
export { OUTCOME_CASES, type OutcomeCase } from './outcome-cases.js';
export {
  BILLED,
  OUTCOME_TABLE,
  UNPRICED,
  type Billed,
  type OutcomeFact,
  type OutcomeRow,
  type ReceiptFlag,
} from './outcome-table.js';
export { bonusShare, topUpBonus, topUpRefusal, type TopUpRefusal } from './top-up-bonus.js';
export { pricesPieces, readUnitPrices, unitPrice, type UnitPrices } from './unit-prices.js';
