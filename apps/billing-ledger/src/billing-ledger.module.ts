import { Module, type DynamicModule } from '@nestjs/common';

import type { LedgerEnv } from './env.js';
import { createLedgerPool } from './ledger-pool.js';
import { LedgerStore } from './ledger-store.js';
import { PgLedgerStore } from './pg-ledger-store.js';

/** What has a lifecycle, which is the store alone; Nest closes it. */
@Module({})
export class BillingLedgerModule {
  static of({ DATABASE_URL, LEDGER_POOL_MAX }: LedgerEnv): DynamicModule {
    const store = {
      provide: LedgerStore,
      useFactory: () => new PgLedgerStore(createLedgerPool(DATABASE_URL, LEDGER_POOL_MAX)),
    };
    return { module: BillingLedgerModule, providers: [store] };
  }
}
