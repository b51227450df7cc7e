import { assetUrls } from '@bytespike/assets';
import type { Pool } from '@bytespike/database';
import { addressRules, createSafeFetch } from '@bytespike/safe-fetch';
import { readSealingKey } from '@bytespike/secrets';
import type { Logger } from '@bytespike/telemetry';

import { taskView } from '../domain/task-view.js';
import type { TaskWorkerEnv } from '../env.js';
import type { TaskStore } from '../store/task-store.js';
import { callbackHandlers } from './callback.handlers.js';
import { createCallbacks, type CallbackPorts } from './callbacks.js';
import { DeliveryStore } from './delivery-store.js';
import { SigningSecrets } from './signing-secrets.js';

export interface CallbackParts {
  readonly pool: Pool;
  readonly env: TaskWorkerEnv;
  readonly tasks: Pick<TaskStore, 'readMany'>;
  readonly wake: CallbackPorts['wake'];
  readonly logger: Logger;
}

/** Callbacks over what they need of the platform, and the calls by which accounts ask about them. */
export function startCallbacks({ pool, env, tasks, wake, logger }: CallbackParts) {
  const deliveries = new DeliveryStore(pool);
  const secrets = new SigningSecrets(pool, readSealingKey(env.CREDENTIALS_KEY));
  const callbacks = createCallbacks({
    store: deliveries,
    viewOf: async (taskId) => (await tasks.readMany([taskId])).map(taskView)[0],
    wake,
    post: createSafeFetch({ rules: addressRules(env) }).post,
    secretsOf: (accountId) => secrets.ofAccount(accountId),
    urls: assetUrls(env),
    now: () => new Date(),
    random: Math.random,
    logger,
  });
  return { callbacks, secrets, handlers: callbackHandlers({ deliveries, secrets, wake }) };
}
