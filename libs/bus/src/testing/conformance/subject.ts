import type { Bus } from '../../bus.js';
import type { ProbeHandlers } from './probe.js';

/** Where the calls are served and where they are made: one bus in one process, or two that meet at a server. */
export interface BusPair {
  readonly server: Bus;
  readonly client: Bus;
}

export type MakeBusPair = () => Promise<BusPair>;

/** What a part of the suite works on. */
export interface Subject {
  readonly pair: () => BusPair;
  /** Serves the probe with these handlers; returns its client. */
  readonly serve: (some: Partial<ProbeHandlers>) => Promise<ProbeHandlers>;
}
