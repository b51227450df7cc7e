import { createPool, SERVICE_ROLES } from '@bytespike/database';
import type { Logger } from '@bytespike/telemetry';
import { Module, type DynamicModule } from '@nestjs/common';

import type { TranslatorEnv } from './env.js';
import { createMemorySealers } from './reasoning/memory-sealer.js';
import { ReasoningMemory } from './reasoning/reasoning-memory.js';
import { RedisReasoningMemory } from './reasoning/redis-reasoning-memory.js';
import { PgStoredResponseStore } from './stored-responses/pg-stored-response-store.js';
import { createTurnSealer } from './stored-responses/seal-turn.js';
import { StoredResponseStore } from './stored-responses/stored-response-store.js';

/** Below the patience of those who wait for a stored response, so that they learn of a slow store from us. */
const STATEMENT_TIMEOUT_MS = 4_000;

const storedResponseStore = ({ DATABASE_URL, KEY_PEPPER, TRANSLATOR_DATABASE_CONNECTIONS }: TranslatorEnv) =>
  new PgStoredResponseStore({
    pool: createPool(DATABASE_URL, {
      max: TRANSLATOR_DATABASE_CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: 'translator',
      session: { role: SERVICE_ROLES.translator },
    }),
    sealer: createTurnSealer(KEY_PEPPER),
    now: Date.now,
  });

const reasoningMemory = ({ REDIS_URL, KEY_PEPPER }: TranslatorEnv, logger: Logger) =>
  new RedisReasoningMemory({ url: REDIS_URL, sealers: createMemorySealers(KEY_PEPPER), logger });

/** What has a lifecycle, which is the two stores alone: translation is functions. Nest closes them. */
@Module({})
export class TranslatorModule {
  static of(env: TranslatorEnv, logger: Logger): DynamicModule {
    return {
      module: TranslatorModule,
      providers: [
        { provide: StoredResponseStore, useFactory: () => storedResponseStore(env) },
        { provide: ReasoningMemory, useFactory: () => reasoningMemory(env, logger) },
      ],
    };
  }
}
