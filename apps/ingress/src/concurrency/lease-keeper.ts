import { every } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { Lease, LeaseStore } from './lease-store.js';
import { createOwnLeases } from './own-leases.js';

/** The leases of one process, which the store is told of and told of again. */
export interface LeaseKeeper {
  /** Whether there is room for one more request of its account; if so, it has a lease now. */
  take(lease: Lease, limit: number): Promise<boolean>;
  /** Gives a lease back, or what may have become one. */
  release(lease: Lease): void;
  close(): Promise<void>;
}

export interface LeaseKeeperParts {
  /** Where all processes count together; it tells whenever it can be reached, for the first time or again. */
  readonly openStore: (whenReachable: () => void) => Promise<LeaseStore>;
  readonly renewEveryMs: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** Leases that ended while nobody could be told; what is beyond lapses by itself. */
const UNTOLD_MAX = 10_000;

/** Keeps this process's leases in the store, and counts by itself while the store does not answer (ADR 0016). */
export async function createLeaseKeeper({ openStore, renewEveryMs, logger }: LeaseKeeperParts): Promise<LeaseKeeper> {
  const own = createOwnLeases();
  const untold = new Set<Lease>();
  const store: LeaseStore = await openStore(() => void state());
  const stating = every(renewEveryMs, state, logger);

  /**
   * States what runs here and what has ended untold: leases lapse without it, and a store that comes back may have lost what it
   * knew. A command for each account, which leave together.
   */
  async function state(): Promise<void> {
    const ended = [...untold];
    untold.clear();
    for (const lease of ended) release(lease);
    await Promise.all(own.all().map(([accountId, requestIds]) => renew(accountId, requestIds)));
  }

  async function renew(accountId: string, requestIds: readonly string[]): Promise<void> {
    await store.renew(accountId, requestIds);
    // What ended meanwhile may have been stated anew after having been released.
    for (const requestId of requestIds) if (!own.has({ accountId, requestId })) release({ accountId, requestId });
  }

  function release(lease: Lease): void {
    own.remove(lease);
    void store.release(lease).then((answer) => {
      if (answer === 'unanswered' && untold.size < UNTOLD_MAX) untold.add(lease);
    });
  }

  return {
    take: async (lease, limit) => {
      // What this process has in flight is in flight, whatever the store may say. A flood ends here.
      const isRoomHere = (): boolean => own.count(lease.accountId) < limit;
      if (!isRoomHere()) return false;
      const answer = await store.take(lease, limit);
      metrics.concurrencyAsked.inc({ counted: answer === 'unanswered' ? 'here' : 'everywhere' });
      if (answer === 'full') return false;
      const taken = isRoomHere();
      if (taken) own.add(lease);
      else release(lease);
      return taken;
    },
    release,
    close: async () => {
      await stating.stop();
      await store.close();
    },
  };
}
