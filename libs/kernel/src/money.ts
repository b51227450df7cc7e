/**
 * Money is an integer. Prices are pico-USD per unit, ledger amounts nano-USD, both `bigint`.
 * A cost is summed in pico and rounded once, here, half up (ADR 0004).
 */
export type PicoUsd = bigint;
export type NanoUsd = bigint;

const PICO_PER_NANO = 1_000n;
const NANO_PER_USD = 1_000_000_000n;
const USD_DECIMALS = 9;
const PRICE_DECIMALS = 6;

/** Rounds a non-negative amount half up. Throws on a negative one: a cost below zero is a bug. */
export function roundPicoToNano(amount: PicoUsd): NanoUsd {
  if (amount < 0n) throw new RangeError(`a cost cannot be negative: ${amount} pico-USD`);
  return (amount + PICO_PER_NANO / 2n) / PICO_PER_NANO;
}

/** `1_234_500_000n` -> `"1.2345"`; at least two decimals, at most nine, no rounding. */
export function formatUsd(amount: NanoUsd): string {
  return formatDecimal(amount, USD_DECIMALS);
}

/** A cost before its rounding, in USD: `1_500n` -> `"0.0000000015"`; at most twelve decimals, no rounding. */
export function formatPicoUsd(amount: PicoUsd): string {
  return formatDecimal(amount, 12);
}

/** A price of one unit as price lists print it: `3_000_000n` -> `"3.00"` USD per million. */
export function formatUsdPerMillion(price: PicoUsd): string {
  return formatDecimal(price, PRICE_DECIMALS);
}

function formatDecimal(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '').padEnd(2, '0');
  return `${sign}${digits.slice(0, -decimals)}.${fraction}`;
}

/**
 * Two decimals, rounded down, as the accounting headers print them; but never `0.00` while something
 * is left (contract 0.4), so that a client does not stop early.
 */
export function formatUsdCents(amount: NanoUsd): string {
  if (amount <= 0n) return '0.00';
  const cents = amount / (NANO_PER_USD / 100n);
  const shown = cents === 0n ? 1n : cents;
  return `${shown / 100n}.${(shown % 100n).toString().padStart(2, '0')}`;
}

/** Reads a plain decimal such as `"12.50"` exactly. Throws `RangeError` on anything else. */
export function parseUsd(text: string): NanoUsd {
  return parseDecimal(text, USD_DECIMALS);
}

/** USD per million units, as price lists print it, to pico-USD per unit: `"3.00"` -> `3_000_000n`. */
export function parseUsdPerMillion(text: string): PicoUsd {
  return parseDecimal(text, PRICE_DECIMALS);
}

/** What a row can hold (`BIGINT`): 9.2 billion USD. A larger amount is a mistake, and is refused where it is read. */
const AMOUNT_MAX = 2n ** 63n - 1n;

/** Both counts of digits are bounded, because trimming zeros takes the square of their number. */
const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,30}))?$/;

function parseDecimal(text: string, decimals: number): bigint {
  const [, sign, whole = '', places = ''] = DECIMAL.exec(text) ?? [];
  const fraction = places.replace(/0+$/, '');
  if (whole === '' || fraction.length > decimals) throw new RangeError(`not a decimal with at most ${decimals} places`);
  const units = BigInt(whole + fraction.padEnd(decimals, '0'));
  if (units > AMOUNT_MAX) throw new RangeError('larger than any amount may be');
  return sign === '-' ? -units : units;
}
