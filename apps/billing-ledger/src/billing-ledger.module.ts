import { Module, type DynamicModule } from '@nestjs/common';

import { CorrectionStore } from './corrections/correction-store.js';
import { PgCorrectionStore } from './corrections/pg-correction-store.js';
import type { LedgerEnv } from './env.js';
import { createLedgerPool, WAITS_MAX } from './store/ledger-pool.js';
import { LedgerStore } from './store/ledger-store.js';
import { PgLedgerStore } from './store/pg-ledger-store.js';
import { PgStatementStore } from './statement/pg-statement-store.js';
import { PgWalletStore } from './wallets/pg-wallet-store.js';
import { OrphanStore } from './recovery/orphan-store.js';
import { PgOrphanStore } from './recovery/pg-orphan-store.js';
import { StatementStore } from './statement/statement-store.js';
import { WalletStore } from './wallets/wallet-store.js';

/**
 * What has a lifecycle, which are the pools under all stores; Nest closes them with the ledger's. Requests wait for the first;
 * customers and operators, however many read at once, share the second. The third connects only while a wallet is locked for long.
 */
@Module({})
export class BillingLedgerModule {
  static of({ DATABASE_URL, LEDGER_POOL_MAX }: LedgerEnv): DynamicModule {
    const pool = createLedgerPool(DATABASE_URL, LEDGER_POOL_MAX);
    const aside = createLedgerPool(DATABASE_URL, LEDGER_POOL_MAX);
    const patient = createLedgerPool(DATABASE_URL, WAITS_MAX.holds + WAITS_MAX.ends + WAITS_MAX.extensions);
    const stores = [
      { provide: CorrectionStore, useFactory: () => new PgCorrectionStore(aside) },
      { provide: LedgerStore, useFactory: () => new PgLedgerStore(pool, aside, patient) },
      { provide: StatementStore, useFactory: () => new PgStatementStore(aside, pool) },
      { provide: WalletStore, useFactory: () => new PgWalletStore(aside) },
      { provide: OrphanStore, useFactory: () => new PgOrphanStore(pool) },
    ];
    return { module: BillingLedgerModule, providers: stores };
  }
}
