import type { Span } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import type { Standings } from '../domain/standings.js';

/**
 * Wallets, counters and the store's clock as rows of one form, from the common tables `wallet` and `counted`; the last two
 * columns of a wallet are what is available and held.
 */
export const STANDING_ROWS = `
SELECT 'wallet' AS is, id, NULL AS subject, NULL AS span, available AS amount, held, NULL::float8 AS at FROM wallet
UNION ALL SELECT 'counter', account_id, subject, span, settled, held, extract(epoch FROM oldest)::float8 * 1000 FROM counted
UNION ALL SELECT 'clock', '', NULL, NULL, NULL, NULL, extract(epoch FROM now())::float8 * 1000`;

interface WalletRow {
  readonly is: 'wallet';
  readonly id: string;
  readonly amount: NanoUsd;
  readonly held: NanoUsd;
}

interface CounterRow {
  readonly is: 'counter';
  readonly id: string;
  readonly subject: string;
  readonly span: Span;
  readonly amount: NanoUsd;
  readonly held: NanoUsd;
  readonly at: number | null;
}

interface ClockRow {
  readonly is: 'clock';
  readonly at: number;
}

export type StandingRow = WalletRow | CounterRow | ClockRow;

export function hearRow(standings: Standings, row: StandingRow): void {
  if (row.is === 'wallet') standings.hearWallet(row.id, { available: row.amount, held: row.held });
  else if (row.is === 'clock') standings.at = Math.floor(row.at);
  else {
    const { id: accountId, subject, span, amount: settled, held, at } = row;
    standings.hearCounter({ accountId, subject, span, settled, held, oldest: at ?? undefined });
  }
}
