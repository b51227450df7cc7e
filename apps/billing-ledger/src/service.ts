import 'reflect-metadata';

import { BusTransport } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import type { Service } from '@bytespike/service';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { BillingLedgerModule } from './billing-ledger.module.js';
import { CorrectionStore } from './corrections/correction-store.js';
import { ledgerEnv } from './env.js';
import { LedgerStore } from './store/ledger-store.js';
import { OrphanStore } from './recovery/orphan-store.js';
import { serveLedger } from './serve-ledger.js';
import { StatementStore } from './statement/statement-store.js';
import { WalletStore } from './wallets/wallet-store.js';

/** Holds money before a vendor is called, and settles what was used; see README.md. */
export const billingLedger: Service = {
  name: 'billing-ledger',
  env: ledgerEnv,
  start: async ({ environment, bus, logger }) => {
    const env = readEnv(ledgerEnv, environment);
    // Nest makes the store, so what needs it is made when Nest begins to listen.
    const app: INestMicroservice = await NestFactory.createMicroservice(BillingLedgerModule.of(env), {
      strategy: new BusTransport(bus, [
        {
          serveOn: (on) =>
            serveLedger({
              bus: on,
              store: app.get(LedgerStore),
              corrections: app.get(CorrectionStore),
              wallets: app.get(WalletStore),
              statements: app.get(StatementStore),
              orphans: app.get(OrphanStore),
              logger,
              env,
            }),
        },
      ]),
      logger: false,
    });
    await app.listen();
    return { addresses: {}, drain: () => app.close() };
  },
};
