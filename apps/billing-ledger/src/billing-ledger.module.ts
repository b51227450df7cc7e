import { Module, type DynamicModule } from '@nestjs/common';

import { CorrectionStore } from './corrections/correction-store.js';
import { PgCorrectionStore } from './corrections/pg-correction-store.js';
import type { LedgerEnv } from './env.js';
import { createLedgerPool } from './store/ledger-pool.js';
import { LedgerStore } from './store/ledger-store.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { PgStatementStore } from './statement/pg-statement-store.js';
import { PgWalletStore } from './wallets/pg-wallet-store.js';
import { OrphanStore } from './recovery/orphan-store.js';
import { PgOrphanStore } from './recovery/pg-orphan-store.js';
import { StatementStore } from './statement/statement-store.js';
import { WalletStore } from './wallets/wallet-store.js';

/** What has a lifecycle, which is the pool under all stores; Nest closes it with the ledger's. */
@Module({})
export class BillingLedgerModule {
  static of({ DATABASE_URL, LEDGER_POOL_MAX }: LedgerEnv): DynamicModule {
    const pool = createLedgerPool(DATABASE_URL, LEDGER_POOL_MAX);
    const stores = [
      { provide: CorrectionStore, useFactory: () => new PgCorrectionStore(pool) },
      { provide: LedgerStore, useFactory: () => new PgLedgerStore(pool) },
      { provide: StatementStore, useFactory: () => new PgStatementStore(pool) },
      { provide: WalletStore, useFactory: () => new PgWalletStore(pool) },
      { provide: OrphanStore, useFactory: () => new PgOrphanStore(pool) },
    ];
    return { module: BillingLedgerModule, providers: stores };
  }
}
