import { createPool } from '@bytespike/database';
import { Module, type DynamicModule } from '@nestjs/common';

import type { TranslatorEnv } from './env.js';
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
    }),
    sealer: createTurnSealer(KEY_PEPPER),
    now: Date.now,
  });

/** What has a lifecycle, which is the store of responses alone: translation is functions. Nest closes it. */
@Module({})
export class TranslatorModule {
  static of(env: TranslatorEnv): DynamicModule {
    return {
      module: TranslatorModule,
      providers: [{ provide: StoredResponseStore, useFactory: () => storedResponseStore(env) }],
    };
  }
}
