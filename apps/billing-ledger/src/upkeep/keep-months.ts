import { metrics, type Logger } from '@bytespike/telemetry';

import type { LedgerStore } from '../store/ledger-store.js';

/** Two months are time enough for anyone to hear the alarm. */
const MONTHS_AHEAD = 3;

/**
 * Makes the months to come: the book has no place for a row whose month nobody made. Done at start, so that a ledger
 * that was down for long can write, and daily.
 */
export async function keepMonths(store: Pick<LedgerStore, 'makeMonths'>, logger: Pick<Logger, 'fatal'>): Promise<void> {
  const ahead = await store.makeMonths(MONTHS_AHEAD);
  metrics.ledgerMonthsAhead.set(ahead);
  if (ahead < 1) logger.fatal({ ahead }, 'the ledger has no partition for the coming month');
}
