import {
  parseUsdPerMillion,
  PIECE_CLASSES,
  USAGE_CLASSES,
  type PicoUsd,
  type Usage,
  type UsageClass,
} from '@bytespike/kernel';

/** Pico-USD per unit; an absent class has no price and falls back as `PRICED_AS` says. */
export type UnitPrices = Partial<Readonly<Record<UsageClass, PicoUsd>>>;

/**
 * Which class stands in for one the price list does not name. Reasoning costs the output rate (contract C16);
 * whatever goes in costs at least what plain input costs, so a vendor's new class is never free by accident.
 * Search calls, pictures and seconds of film have no stand-in: they are not tokens.
 */
const PRICED_AS = {
  input: undefined,
  cacheRead: 'input',
  cacheWrite5m: 'input',
  cacheWrite30m: 'cacheWrite5m',
  cacheWrite1h: 'cacheWrite5m',
  cacheWrite12h: 'cacheWrite1h',
  toolInput: 'input',
  output: undefined,
  reasoning: 'output',
  imageInput: 'input',
  imageOutput: 'output',
  audioInput: 'input',
  audioOutput: 'output',
  searchCalls: undefined,
  images: undefined,
  seconds: undefined,
} as const satisfies Record<UsageClass, UsageClass | undefined>;

/** A price list of the catalogue (USD per million units, decimal strings) in integers. */
export function readUnitPrices(usdPerMillion: Partial<Readonly<Record<UsageClass, string>>>): UnitPrices {
  const priced = USAGE_CLASSES.flatMap((usageClass) => {
    const text = usdPerMillion[usageClass];
    return text === undefined ? [] : [[usageClass, parseUsdPerMillion(text)] as const];
  });
  return Object.fromEntries(priced);
}

/** What one unit of a class costs, by its own price or its stand-in's; zero when neither exists. */
export function unitPrice(prices: UnitPrices, usageClass: UsageClass): PicoUsd {
  const own = prices[usageClass];
  if (own !== undefined) return own;
  const standIn: UsageClass | undefined = PRICED_AS[usageClass];
  return standIn === undefined ? 0n : unitPrice(prices, standIn);
}

/**
 * Whether everything that is sold by the piece here has a price. A model of text may give a search away; a film that costs
 * nothing is a price list's mistake.
 */
export const pricesPieces = (prices: UnitPrices, units: Usage): boolean =>
  PIECE_CLASSES.every((piece) => !units[piece] || prices[piece] !== undefined);
