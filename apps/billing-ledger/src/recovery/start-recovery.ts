import type { Bus, Served } from '@bytespike/bus';
import { billing } from '@bytespike/contracts';
import { every } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { LedgerEnv } from '../env.js';
import type { Grants } from '../admission/grants.js';
import type { LedgerStore } from '../store/ledger-store.js';
import { ExpirySweeper } from './expiry-sweeper.js';
import type { OrphanStore } from './orphan-store.js';
import { recoveryHandlers } from './recovery.handlers.js';

export interface RecoveryParts {
  readonly bus: Bus;
  readonly store: LedgerStore;
  readonly orphans: OrphanStore;
  readonly grants: Grants;
  /** This ledger, as the reporter of its grants. */
  readonly reporter: string;
  readonly logger: Logger;
  readonly env: Pick<LedgerEnv, 'LEDGER_SWEEP_EVERY_MS' | 'LEDGER_SETTLING_IN_MS' | 'LEDGER_ORPHAN_AFTER_MS'>;
}

export interface Recovery extends Served {
  readonly handlers: ReturnType<typeof recoveryHandlers>;
}

/** How many heartbeats a reporter may miss before it is taken for dead. */
const HEARTBEATS_MISSED_MAX = 12;

/** Hears who lives, says so of this ledger, and lets go what nobody will report (ADR 0020). */
export async function startRecovery(parts: RecoveryParts): Promise<Recovery> {
  const { bus, orphans, reporter, logger, env } = parts;
  const heartbeatMs = Math.ceil(env.LEDGER_ORPHAN_AFTER_MS / HEARTBEATS_MISSED_MAX);
  const queue = { handledUntil: () => bus.handledUntil(billing.usage).catch(() => undefined) };
  const sweeper = new ExpirySweeper({
    ...parts,
    queue,
    now: Date.now,
    everyMs: env.LEDGER_SWEEP_EVERY_MS,
    settlingInMs: env.LEDGER_SETTLING_IN_MS,
    orphanAfterMs: env.LEDGER_ORPHAN_AFTER_MS,
  });
  // Nothing is reported by a ledger itself, so nothing of its own is ever open: its grants wait for those who report.
  const live = (): Promise<void> => orphans.seen(reporter, 0);
  await live();
  const clocks = [
    every(heartbeatMs, live, logger),
    every(env.LEDGER_SWEEP_EVERY_MS, () => sweep(sweeper, parts), logger),
  ];
  return {
    handlers: recoveryHandlers({ ...parts, queue, heartbeatMs }),
    stop: async () => void (await Promise.all(clocks.map((clock) => clock.stop()))),
  };
}

async function sweep(sweeper: ExpirySweeper, { store, orphans, logger, env }: RecoveryParts): Promise<void> {
  const { lapsed, orphaned } = await sweeper.sweep();
  if (lapsed > 0) logger.warn({ lapsed }, 'holds that nobody ended have lapsed to nothing');
  if (orphaned > 0) logger.warn({ orphaned }, 'holds whose reporter had died have lapsed to nothing');
  metrics.ledgerOrphans.inc(orphaned);
  const { oldestAgeSeconds, stranded } = await orphans.openHolds(env.LEDGER_ORPHAN_AFTER_MS);
  metrics.ledgerOldestHoldSeconds.set(oldestAgeSeconds);
  // Gauges are floats; they are for looking at, and no amount is ever read back from one.
  metrics.ledgerStranded.set(Number(stranded));
  metrics.ledgerHeld.set(Number(await store.heldInAll()));
  await orphans.forgetGone();
}
