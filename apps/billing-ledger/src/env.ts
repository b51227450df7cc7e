import { integerField, urlField } from '@bytespike/config';
import { z } from 'zod';

/** What the ledger reads from its environment. */
export const ledgerEnv = z.object({
  DATABASE_URL: urlField('postgresql', 'postgres').describe('Postgres of the ledger'),
  LEDGER_POOL_MAX: integerField(4, { min: 2, max: 50 }).describe(
    'connections to Postgres for what requests wait for, as many for everything else, and four more while wallets are locked',
  ),
  LEDGER_SETTLE_LINGER_MS: integerField(100, { min: 0, max: 1_000 }).describe(
    'how long a settlement waits for others to share its commit, where the last were shared; who is refused for its hold waits longer',
  ),
  LEDGER_SWEEP_EVERY_MS: integerField(30_000, { min: 1_000, max: 3_600_000 }).describe(
    'how often overdue holds are looked for',
  ),
  LEDGER_SETTLING_IN_MS: integerField(120_000, { min: 0, max: 3_600_000 }).describe(
    'how long JetStream must have answered without a gap before a hold may lapse',
  ),
  LEDGER_ORPHAN_AFTER_MS: integerField(120_000, { min: 1_000, max: 3_600_000 }).describe(
    'how long a process that reports ends must not have been heard before its open holds are orphans',
  ),
  LEDGER_VERIFY_EVERY_MS: integerField(3_600_000, { min: 60_000, max: 86_400_000 }).describe(
    'how often the invariants are checked against the whole book',
  ),
  LEDGER_OUTBOX_EVERY_MS: integerField(1_000, { min: 50, max: 60_000 }).describe(
    'how often facts about wallets are looked for that wait to be published',
  ),
  LEDGER_LOW_BALANCE_EVERY_MS: integerField(15_000, { min: 100, max: 3_600_000 }).describe(
    'how often balances are compared with the thresholds of their owners',
  ),
});

export type LedgerEnv = z.output<typeof ledgerEnv>;
