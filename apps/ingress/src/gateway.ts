import type { AssetStore, AssetUrls } from '@bytespike/assets';
import { readFact, type Bus } from '@bytespike/bus';
import {
  account,
  billing,
  generation,
  media,
  payments,
  routing,
  statement,
  storedResponses,
  tasks,
  translation,
  wallet,
  type CallContext,
  type ClientFor,
} from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import type { AddressRules } from '@bytespike/safe-fetch';
import type { Logger } from '@bytespike/telemetry';
import { ulid } from 'ulid';

import type { Concurrency } from './concurrency/concurrency.js';
import { createPlaces, type Places } from './domain/places.js';
import type { ProxyTrust } from './http/client-address.js';
import { createDigester, type Digester } from './http/credential.js';
import { createOpenExchanges, type OpenExchanges } from './http/open-exchanges.js';
import type { Timings } from './http/timings.js';
import type { AnswerStore } from './idempotency/answer-store.js';
import { createNamedAnswers, type NamedAnswers } from './idempotency/named-answers.js';
import { KnownCallers } from './known-callers.js';
import { RecentPlans } from './recent-plans.js';
import { createUsageReporter, type UsageReporter } from './report-usage.js';
import { TaskListeners } from './tasks/task-listeners.js';

/** Everything a route may reach. A function that needs one part of it says so in its signature. */
export interface Gateway {
  readonly callers: KnownCallers;
  readonly routing: ClientFor<typeof routing>;
  readonly plans: RecentPlans;
  readonly billing: ClientFor<typeof billing>;
  readonly generation: ClientFor<typeof generation>;
  readonly translation: ClientFor<typeof translation>;
  readonly media: ClientFor<typeof media>;
  readonly tasks: ClientFor<typeof tasks>;
  readonly listeners: TaskListeners;
  /** Forms whose files lie in the object store. */
  readonly forms: Places;
  readonly account: ClientFor<typeof account>;
  readonly payments: ClientFor<typeof payments>;
  readonly wallet: ClientFor<typeof wallet>;
  readonly statement: ClientFor<typeof statement>;
  readonly storedResponses: ClientFor<typeof storedResponses>;
  readonly usage: UsageReporter;
  readonly concurrency: Concurrency;
  readonly answers: NamedAnswers;
  readonly exchanges: OpenExchanges;
  readonly assets: AssetStore;
  readonly assetUrls: AssetUrls;
  /** Which addresses of customers and vendors may be called. */
  readonly foreignAddresses: AddressRules;
  readonly digest: Digester;
  readonly isTrustedProxy: ProxyTrust;
  readonly trustTraceparent: boolean;
  readonly timings: Timings;
  readonly logger: Logger;
}

export interface GatewayParts {
  readonly bus: Bus;
  readonly logger: Logger;
  readonly concurrency: Concurrency;
  readonly answerStore: AnswerStore;
  readonly assets: AssetStore;
  readonly assetUrls: AssetUrls;
  readonly foreignAddresses: AddressRules;
  readonly pepper: string;
  readonly isTrustedProxy: ProxyTrust;
  readonly trustTraceparent: boolean;
  readonly timings: Timings;
}

const LEDGER_MS_MAX = 2_000;

/** For calls to the ledger that no request waits for. */
export const ofNobody = (): CallContext => ({
  requestId: ulid(),
  deadline: Date.now() + LEDGER_MS_MAX,
  signal: AbortSignal.timeout(LEDGER_MS_MAX),
});

/** Ties the routes to the bus. */
export function createGateway({ bus, logger, pepper, answerStore, ...rest }: GatewayParts): Gateway {
  const router = bus.client(routing);
  const { answerLeaseMs } = rest.timings;
  const ledger = bus.client(billing);
  return {
    ...rest,
    logger,
    digest: createDigester(pepper),
    routing: router,
    plans: new RecentPlans({ routing: router, now: Date.now }),
    callers: new KnownCallers({ routing: router, now: Date.now }),
    billing: ledger,
    generation: bus.client(generation),
    translation: bus.client(translation),
    media: bus.client(media),
    tasks: bus.client(tasks),
    listeners: new TaskListeners(),
    forms: createPlaces(LIMITS.formsPerAccountMax, 'forms of one account are taken here at once'),
    account: bus.client(account),
    payments: bus.client(payments),
    wallet: bus.client(wallet),
    statement: bus.client(statement),
    storedResponses: bus.client(storedResponses),
    usage: createUsageReporter({
      logger,
      publish: (fact) => bus.publish(billing.usage, fact),
      read: (text) => readFact(billing.usage, text),
      askUnended: (requests) => ledger.unended({ requests }, ofNobody()),
    }),
    exchanges: createOpenExchanges(),
    answers: createNamedAnswers({ store: answerStore, pepper, leaseMs: answerLeaseMs, logger }),
  };
}
