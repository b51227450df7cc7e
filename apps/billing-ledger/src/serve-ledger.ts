import type { Bus, Served } from '@bytespike/bus';
import { billing, book, configuration, statement } from '@bytespike/contracts';
import { every } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import { billingHandlers } from './admission/billing.handlers.js';
import { bookHandlers } from './corrections/book.handlers.js';
import type { CorrectionStore } from './corrections/correction-store.js';
import { freeEnds } from './domain/free-end.js';
import type { LedgerEnv } from './env.js';
import { Grants } from './admission/grants.js';
import { looksAgainMs } from './admission/second-looks.js';
import { createLedgerGroups } from './store/ledger-groups.js';
import type { LedgerStore } from './store/ledger-store.js';
import { keepMonths } from './upkeep/keep-months.js';
import { PriceBook } from './prices/price-book.js';
import { pruneBuckets } from './upkeep/prune-buckets.js';
import { holdForKnown } from './recovery/hold-for-known.js';
import type { OrphanStore } from './recovery/orphan-store.js';
import { startRecovery } from './recovery/start-recovery.js';
import { serveWallets } from './wallets/serve-wallets.js';
import { statementHandlers } from './statement/statement.handlers.js';
import type { StatementStore } from './statement/statement-store.js';
import { FactCounts } from './settlement/count-facts.js';
import { settleFacts } from './settlement/usage-consumer.js';
import { watchBook } from './verify/watch-book.js';
import type { WalletStore } from './wallets/wallet-store.js';

export interface LedgerParts {
  readonly bus: Bus;
  readonly store: LedgerStore;
  readonly corrections: CorrectionStore;
  readonly wallets: WalletStore;
  readonly statements: StatementStore;
  readonly orphans: OrphanStore;
  readonly logger: Logger;
  readonly env: Omit<LedgerEnv, 'DATABASE_URL' | 'LEDGER_POOL_MAX'>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const SNAPSHOT_TIMEOUT_MS = 5_000;

/** Settled at a time; more than one commit takes. */
const FACTS_MAX = 500;

/** An outage of the store must not park a fact: with delays of up to a minute this outlasts weeks. */
const FACT_DELIVERIES_MAX = 100_000;

/** Puts the ledger on the bus: room to write and prices first, then facts and calls, then its own clocks. */
export async function serveLedger(parts: LedgerParts): Promise<Served> {
  const { bus, store, wallets, statements, orphans, logger, env } = parts;
  await keepMonths(store, logger);
  const prices = createPriceBook(bus, store, logger);
  await prices.load();
  const groups = createLedgerGroups(store);
  const onFailure = (error: unknown): void => logger.warn({ err: error }, 'the store cannot be asked about grants now');
  const reporter = ulid();
  const grants = new Grants({ ...groups, store, reporter, now: Date.now, newId: ulid, onFailure });
  const published = await bus.subscribe(configuration.snapshotPublished, { mode: 'broadcast' }, () => prices.refresh());
  // The owner of the catalogue may start after us; until it does, what the ledger has kept is sold on.
  prices.refresh().catch((error: unknown) => logger.warn({ err: error }, 'no price snapshot yet'));
  const usage = await bus.subscribe(
    billing.usage,
    {
      ...{ mode: 'queue', name: 'billing-ledger', batchMax: FACTS_MAX, deliveriesMax: FACT_DELIVERIES_MAX },
      lingerMs: env.LEDGER_SETTLE_LINGER_MS,
    },
    async (facts) => {
      const counts = new FactCounts(logger);
      const observe = counts.count.bind(counts);
      const settling = settleFacts(facts, { prices, end: (settlement) => grants.end(settlement), observe });
      await settling.finally(() => counts.tell());
      await statements.keepFree(freeEnds(facts));
    },
  );
  const recovery = await startRecovery({ bus, store, orphans, grants, reporter, logger, env });
  const looks = looksAgainMs(env.LEDGER_SETTLE_LINGER_MS);
  const calls = billingHandlers(store, { prices, grants, ...groups, looksAgainMs: looks });
  const handlers = { ...calls, hold: holdForKnown(calls.hold, orphans), ...recovery.handlers };
  const served = await bus.serve(billing, handlers);
  const payments = await serveWallets({ bus, store: wallets, grants, wallets: groups.wallets, logger, env });
  const told = await bus.serve(statement, statementHandlers({ store: statements, prices, grants }));
  const corrected = await bus.serve(book, bookHandlers({ store: parts.corrections, grants }));
  const clocks = [
    recovery,
    every(DAY_MS, () => keepMonths(store, logger), logger),
    every(HOUR_MS, () => pruneBuckets(store), logger),
    every(env.LEDGER_VERIFY_EVERY_MS, () => watchBook(store, logger), logger),
  ];
  return {
    stop: async () => {
      const stopping = [served, corrected, told, payments, published, ...clocks];
      await Promise.all(stopping.map((each) => each.stop()));
      // Last: while calls end, their facts may still arrive. What is not settled now stays in the stream.
      await usage.stop();
      await grants.close();
      await Promise.all([groups.holds.settled(), groups.ends.settled(), groups.wallets.settled()]);
    },
  };
}

function createPriceBook(bus: Bus, store: LedgerStore, logger: Logger): PriceBook {
  const source = {
    snapshot: () => {
      const signal = AbortSignal.timeout(SNAPSHOT_TIMEOUT_MS);
      const context = { requestId: ulid(), deadline: Date.now() + SNAPSHOT_TIMEOUT_MS, signal };
      return bus.client(configuration).snapshot({}, context);
    },
  };
  return new PriceBook(store, source, {
    accepted: (version) => metrics.snapshotVersion.set({ service: 'billing-ledger' }, version),
    rejected: (version, why) => {
      metrics.snapshotRejected.inc({ service: 'billing-ledger' });
      logger.error({ version, why }, 'a price snapshot was refused; known prices stay');
    },
  });
}
