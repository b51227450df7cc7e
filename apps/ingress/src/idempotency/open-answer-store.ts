import { createPool, removeInBites, SERVICE_ROLES } from '@bytespike/database';
import { every } from '@bytespike/service';
import type { Logger } from '@bytespike/telemetry';

import type { IngressEnv } from '../env.js';
import type { AnswerStore } from './answer-store.js';
import { PgAnswerStore } from './pg-answer-store.js';
import { createAnswerSealer } from './seal-answer.js';

/** Below the patience of clients, who learn of a slow store from us. */
const STATEMENT_TIMEOUT_MS = 4_000;

/** The answers that all gateways share, and the sweeping of those that have expired. */
export function openAnswerStore(
  env: Pick<IngressEnv, 'DATABASE_URL' | 'KEY_PEPPER' | 'INGRESS_DATABASE_CONNECTIONS' | 'INGRESS_SWEEP_EVERY_MS'>,
  logger: Pick<Logger, 'error'>,
): { readonly store: AnswerStore; close(): Promise<void> } {
  const pool = createPool(env.DATABASE_URL, {
    max: env.INGRESS_DATABASE_CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'ingress',
    session: { role: SERVICE_ROLES.ingress },
  });
  const store = new PgAnswerStore({ pool, sealer: createAnswerSealer(env.KEY_PEPPER) });
  const sweeping = every(env.INGRESS_SWEEP_EVERY_MS, () => removeInBites(() => store.sweep()), logger);
  return {
    store,
    close: async () => {
      await sweeping.stop();
      await pool.end();
    },
  };
}
