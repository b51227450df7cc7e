import type { NanoUsd } from '@bytespike/kernel';

interface Claim {
  readonly amount: NanoUsd;
}

/** Something that a claim takes from, by its name, and how much of it there is for this claim. */
export interface Room {
  readonly name: string;
  readonly left: NanoUsd;
}

/**
 * Of claims that one batch refused, those that fit into every room they need, first come first. The admission statement
 * counts a refused claim against the later ones of its batch, so one that is too large hides smaller ones behind it.
 */
export function firstFit<C extends Claim>(claims: readonly C[], roomsOf: (claim: C) => readonly Room[]): readonly C[] {
  const taken = new Map<string, NanoUsd>();
  return claims.filter((claim) => {
    const rooms = roomsOf(claim);
    if (rooms.some(({ name, left }) => (taken.get(name) ?? 0n) + claim.amount > left)) return false;
    for (const { name } of rooms) taken.set(name, (taken.get(name) ?? 0n) + claim.amount);
    return true;
  });
}
