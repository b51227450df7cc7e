import type { Lease } from './lease-store.js';

/** The requests in flight in this process, which it knows without asking anybody. */
export interface OwnLeases {
  count(accountId: string): number;
  has(lease: Lease): boolean;
  add(lease: Lease): void;
  remove(lease: Lease): void;
  /** A copy, by account. */
  all(): (readonly [accountId: string, requestIds: readonly string[]])[];
}

export function createOwnLeases(): OwnLeases {
  const requests = new Map<string, Set<string>>();
  return {
    count: (accountId) => requests.get(accountId)?.size ?? 0,
    has: ({ accountId, requestId }) => requests.get(accountId)?.has(requestId) ?? false,
    add: ({ accountId, requestId }) => {
      const known = requests.get(accountId);
      if (known) known.add(requestId);
      else requests.set(accountId, new Set([requestId]));
    },
    remove: ({ accountId, requestId }) => {
      const known = requests.get(accountId);
      if (known?.delete(requestId) && known.size === 0) requests.delete(accountId);
    },
    all: () => [...requests].map(([accountId, ids]) => [accountId, [...ids]]),
  };
}
