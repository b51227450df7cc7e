import { TASKS_REPORTER } from '@bytespike/contracts';

import type { AskedRequest, OpenHolds, OrphanStore } from '../recovery/orphan-store.js';
import type { MemoryLedgerStore } from './memory-ledger-store.js';

/** Reporters and orphans beside a ledger in memory, by a clock in the test's hands. */
export class MemoryOrphanStore implements OrphanStore {
  private readonly reporters = new Map<string, { seenAt: number; openSince: number }>();

  constructor(
    private readonly ledger: MemoryLedgerStore,
    private readonly now: () => number,
  ) {}

  seen(reporter: string, oldestOpenMs: number): Promise<void> {
    this.reporters.set(reporter, { seenAt: this.now(), openSince: this.now() - oldestOpenMs });
    return Promise.resolve();
  }

  greet(reporter: string): Promise<void> {
    return this.reporters.has(reporter) ? Promise.resolve() : this.seen(reporter, 0);
  }

  silent(reporters: readonly string[], silentForMs: number): Promise<readonly string[]> {
    return Promise.resolve(
      reporters.filter((id) => this.now() - (this.reporters.get(id)?.seenAt ?? Infinity) > silentForMs),
    );
  }

  async orphans(silentForMs: number, limit: number): Promise<readonly string[]> {
    const silent = new Set(await this.silent([...this.reporters.keys()], silentForMs));
    const isOrphan = ({ state, reporter }: { state: string; reporter: string }): boolean =>
      state === 'held' && silent.has(reporter) && reporter !== TASKS_REPORTER;
    const found = [...this.ledger.holds.values()].filter(isOrphan);
    return found.slice(0, limit).map(({ requestId }) => requestId);
  }

  unended(requests: readonly AskedRequest[]): Promise<readonly string[]> {
    const stateOf = (id: string | undefined) => (id === undefined ? undefined : this.ledger.holds.get(id)?.state);
    const isOpen = ({ requestId, grantId }: AskedRequest): boolean =>
      (stateOf(requestId) ?? stateOf(grantId)) === 'held';
    return Promise.resolve(requests.filter(isOpen).map(({ requestId }) => requestId));
  }

  openHolds(): Promise<OpenHolds> {
    return Promise.resolve({ oldestAgeSeconds: 0, stranded: 0n });
  }

  forgetGone(): Promise<void> {
    return Promise.resolve();
  }
}
