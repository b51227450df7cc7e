import type { NanoUsd } from '@bytespike/kernel';

const CENT: NanoUsd = 10_000_000n;
const USD: NanoUsd = 100n * CENT;

/** What one transaction may bring (contract 8.5). */
export const TOP_UP_LIMITS = { min: 5n * USD, max: 1_250n * USD } as const;

/** The bonus ladder (contract 8.5), highest rung first: what is given on top, in thousandths of the principal. */
export const BONUS_LADDER = [
  { from: 1_000n * USD, permille: 112n },
  { from: 500n * USD, permille: 80n },
  { from: 100n * USD, permille: 50n },
  { from: 20n * USD, permille: 30n },
  { from: 0n, permille: 0n },
] as const satisfies readonly { readonly from: NanoUsd; readonly permille: bigint }[];

/** Why an amount is not taken. */
export type TopUpRefusal = 'below-min' | 'above-max' | 'not-whole-cents';

/** Why an amount cannot be topped up in one transaction; undefined when it can. */
export function topUpRefusal(principal: NanoUsd): TopUpRefusal | undefined {
  if (principal < TOP_UP_LIMITS.min) return 'below-min';
  if (principal > TOP_UP_LIMITS.max) return 'above-max';
  // Cards are charged in cents; what cannot be charged cannot be bought.
  return principal % CENT === 0n ? undefined : 'not-whole-cents';
}

/** What we give on top of a principal. Exact: a thousandth of a cent is a whole number of nano-USD. */
export function topUpBonus(principal: NanoUsd): NanoUsd {
  const rung = BONUS_LADDER.find(({ from }) => principal >= from);
  return (principal * (rung?.permille ?? 0n)) / 1_000n;
}

/** The share of a top-up's bonus that goes back with a part of its principal; exact for whole cents of either. */
export const bonusShare = (
  refunded: NanoUsd,
  topUp: { readonly principal: NanoUsd; readonly bonus: NanoUsd },
): NanoUsd => (topUp.bonus * refunded) / topUp.principal;
