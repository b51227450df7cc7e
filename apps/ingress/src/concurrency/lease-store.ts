/** One request that an account has in flight. */
export interface Lease {
  readonly accountId: string;
  readonly requestId: string;
}

/**
 * Where the requests of all ingress processes are counted together. A lease that is neither given back nor renewed lapses.
 * Nothing here throws or waits long: who counts must be able to go on without it.
 */
export interface LeaseStore {
  /** Counts a request in unless its account has `limit` of them already; `unanswered` leaves open whether it counts. */
  take(lease: Lease, limit: number): Promise<'taken' | 'full' | 'unanswered'>;
  /** Makes an account's leases last as long as new ones, and states those anew that the store has lost. */
  renew(accountId: string, requestIds: readonly string[]): Promise<void>;
  /** Counts a request out; harmless where it never counted. */
  release(lease: Lease): Promise<'released' | 'unanswered'>;
  close(): Promise<void>;
}
