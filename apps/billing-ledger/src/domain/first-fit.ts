import type { NanoUsd } from '@bytespike/kernel';

interface Claim {
  readonly accountId: string;
  readonly amount: NanoUsd;
}

/**
 * Of claims that one batch refused, those that fit into what is left, first come first. The admission statement
 * counts a refused claim against the later ones of its batch, so one that is too large hides smaller ones behind it.
 */
export function firstFit<C extends Claim>(
  claims: readonly C[],
  availableOf: (accountId: string) => NanoUsd,
): readonly C[] {
  const left = new Map<string, NanoUsd>();
  return claims.filter(({ accountId, amount }) => {
    const available = left.get(accountId) ?? availableOf(accountId);
    if (amount > available) return false;
    left.set(accountId, available - amount);
    return true;
  });
}
