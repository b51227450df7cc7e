import { metrics, type Logger } from '@bytespike/telemetry';

import type { LedgerStore } from '../store/ledger-store.js';

/**
 * Checks the whole book and says so in gauges, one for each law. A gauge is a float; it is for looking at, and no amount
 * is ever read back from it.
 */
export async function watchBook(
  store: Pick<LedgerStore, 'imbalance' | 'verify'>,
  logger: Pick<Logger, 'fatal'>,
): Promise<void> {
  metrics.ledgerImbalance.set(Number(await store.imbalance()));
  const findings = await store.verify();
  for (const { id, violations } of findings) metrics.ledgerInvariantViolations.set({ invariant: id }, violations);
  metrics.ledgerVerified.set(Math.round(Date.now() / 1000));
  const broken = findings.filter(({ violations }) => violations > 0);
  if (broken.length > 0) logger.fatal({ broken }, 'the ledger does not balance');
}
