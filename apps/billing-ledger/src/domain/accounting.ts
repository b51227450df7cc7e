import type { Accounting } from '@bytespike/contracts';

import type { Wallet } from '../ledger-store.js';

/**
 * What the accounting headers print: money minus settled spend. Holds are never shown (contract 0.4), so a failure
 * moves nothing.
 */
export const accountingOf = ({ available, held }: Wallet): Accounting => ({
  walletRemaining: available + held,
  windows: [],
});
