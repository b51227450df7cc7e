import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';

/** Below the time limit of the calls that wait for it, so that a caller learns of a slow store from us. */
const STATEMENT_TIMEOUT_MS = 4_000;

/**
 * The role that the ledger works as, whoever it logs in as: it may do what a ledger does and nothing else, whatever
 * statement it is made to send (ADR 0021, SECURITY.md).
 */
export const LEDGER_ROLE = SERVICE_ROLES.ledger;

/** Between two statements of a transaction there is nothing to wait for; who stops there holds a wallet that others need. */
const BETWEEN_STATEMENTS_MS_MAX = 4_000;

/**
 * The batch statements are prepared once per connection. Planning one anew costs more than running it, and the
 * server would for its first runs; compiling it costs more still. A plan that was made while the tables were small reads
 * them whole, and is kept when they are not small any more: every statement goes by the indexes, whatever the statistics say.
 */
export const LEDGER_SESSION = {
  role: LEDGER_ROLE,
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
  enable_seqscan: 'off',
  idle_in_transaction_session_timeout: String(BETWEEN_STATEMENTS_MS_MAX),
} as const;

/** Locked wallets that are waited for at once, each with a connection that nobody else needs. */
export const WAITS_MAX = { holds: 2, ends: 1, extensions: 1 } as const;

export const createLedgerPool = (url: string, max: number): Pool =>
  createPool(url, {
    max,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'billing-ledger',
    session: LEDGER_SESSION,
  });
