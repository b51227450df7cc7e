import { createPool, SERVICE_ROLES } from '@bytespike/database';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';

import type { RouterEnv } from './env.js';
import { KeyStore } from './key-store.js';
import { PostgresKeyStore } from './postgres-key-store.js';

/** Less than a caller's patience: an answer nobody waits for must not hold a connection. */
const STATEMENT_TIMEOUT_MS = 1_500;

const keyStore = (env: RouterEnv): PostgresKeyStore =>
  new PostgresKeyStore(
    createPool(env.DATABASE_URL, {
      max: env.ROUTER_DATABASE_CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: 'router',
      session: { role: SERVICE_ROLES.router },
    }),
  );

/** What has a lifecycle, which is the store alone; Nest closes it. */
@Module({})
export class RouterModule {
  static of(env: RouterEnv): DynamicModule {
    return { module: RouterModule, providers: [{ provide: KeyStore, useFactory: () => keyStore(env) }] };
  }
}
