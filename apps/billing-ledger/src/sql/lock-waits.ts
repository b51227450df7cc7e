/** How long a batch waits for the locks it needs, in milliseconds as the server reads them; `0` is as long as a statement may. */
export const LOCK_MS = {
  /**
   * Much longer than any batch keeps its wallets locked, and much shorter than anybody whose wallet is free should notice that
   * another's is not.
   */
  ofBatch: '250',
  ofStatement: '0',
} as const;

export type LockMs = (typeof LOCK_MS)[keyof typeof LOCK_MS];

/**
 * A condition that is always true, and limits the waits of its statement for locks from there on: it costs no question of its
 * own, and is over with the statement.
 */
export const waitingForLocks = (parameter: string): string =>
  `(SELECT set_config('lock_timeout', ${parameter}, true)) IS NOT NULL`;

/** The server's code for a lock that did not come in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a statement waited for a lock for longer than it was told to; then nothing of it was done. */
export const isLockTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
