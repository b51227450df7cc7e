import type { Bus, Served } from '@bytespike/bus';
import { wallet } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { every } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { LedgerEnv } from '../env.js';
import { relayOutbox } from './outbox-relay.js';
import { walletHandlers, type WalletPorts } from './wallet.handlers.js';

export interface WalletParts extends WalletPorts {
  readonly bus: Bus;
  readonly logger: Logger;
  readonly env: Pick<LedgerEnv, 'LEDGER_OUTBOX_EVERY_MS' | 'LEDGER_LOW_BALANCE_EVERY_MS'>;
}

/** Most wallets that one statement looks at; the rest is found by the next. */
const CROSSINGS_MAX = 500;

/** Puts wallets on the bus: their calls, the relay of what they tell, and the clock that watches thresholds. */
export async function serveWallets(parts: WalletParts): Promise<Served> {
  const { bus, logger, env } = parts;
  const served = await bus.serve(wallet, walletHandlers(parts));
  const clocks = [
    every(env.LEDGER_OUTBOX_EVERY_MS, createRelay(parts), logger),
    every(env.LEDGER_LOW_BALANCE_EVERY_MS, () => watchThresholds(parts), logger),
  ];
  return {
    stop: async () => {
      await Promise.all([served.stop(), ...clocks.map((clock) => clock.stop())]);
    },
  };
}

/** The relay as a recurring task. An outage of the bus or the store is told once, since it comes by every second. */
function createRelay({ store, bus, logger }: WalletParts): () => Promise<void> {
  let isAway = false;
  const relay = async (): Promise<void> => {
    try {
      await relayOutbox({
        store,
        bus,
        onUnreadable: ({ id, subject }, why) =>
          logger.error({ err: why, id: String(id), subject }, 'a fact in the outbox cannot be published'),
      });
    } finally {
      metrics.ledgerOutbox.set(await store.countWaiting());
    }
    isAway = false;
  };
  return () =>
    relay().catch((error: unknown) => {
      if (!(error instanceof GatewayError) || error.kind !== 'unavailable') throw error;
      if (!isAway) logger.warn({ err: error }, 'facts wait in the outbox until they can be published');
      isAway = true;
    });
}

async function watchThresholds({ store, logger }: WalletParts): Promise<void> {
  for (;;) {
    const { found, low } = await store.crossThresholds(CROSSINGS_MAX);
    if (low > 0) logger.info({ low }, 'balances have fallen below their thresholds');
    if (found < CROSSINGS_MAX) return;
  }
}
