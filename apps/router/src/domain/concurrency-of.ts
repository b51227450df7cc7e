import type { Principal } from '@bytespike/contracts';

/** Requests in flight at once by tier (contract 7). An enterprise has a number of its own, or no limit. */
const BY_TIER = { free: 5, pro: 25, max: 100, enterprise: 0 } as const satisfies Record<Principal['tier'], number>;

/** Zero, in the row or the table, is without limit. */
export function concurrencyOf(tier: Principal['tier'], own: number | null): Pick<Principal, 'concurrency'> {
  const concurrency = own ?? BY_TIER[tier];
  return concurrency > 0 ? { concurrency } : {};
}
