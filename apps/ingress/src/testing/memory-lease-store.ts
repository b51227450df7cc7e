import type { LeaseStore } from '../concurrency/lease-store.js';

/** Leases that end only by being given back, as a store that several ingresses of a test may share. */
export function memoryLeaseStore(): LeaseStore & { readonly leases: Set<string> } {
  const leases = new Set<string>();
  const nameOf = ({ accountId, requestId }: { accountId: string; requestId: string }): string =>
    `${accountId} ${requestId}`;
  return {
    leases,
    take: async (lease, limit) => {
      const held = [...leases].filter((name) => name.startsWith(`${lease.accountId} `)).length;
      if (held >= limit) return 'full';
      leases.add(nameOf(lease));
      return 'taken';
    },
    renew: async (accountId, requestIds) => {
      for (const requestId of requestIds) leases.add(nameOf({ accountId, requestId }));
    },
    release: async (lease) => {
      leases.delete(nameOf(lease));
      return 'released';
    },
    close: async () => undefined,
  };
}
