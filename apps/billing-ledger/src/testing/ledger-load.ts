import { randomUUID } from 'node:crypto';

import { createBus } from '@bytespike/bus';
import { billing, configuration, type Cap, type Hold } from '@bytespike/contracts';
import { createLogger } from '@bytespike/telemetry';
import { z } from 'zod';

import { factOf } from './ledger-fixtures.js';

/** As much as a wallet may have, so that no load reaches its end. */
const WALLET = 1_000_000_000_000_000n;
const CALL_LIMIT_MS = 30_000;

const Catalogue = z.object({ prices: z.array(z.object({ id: z.string(), model: z.string() })) });

/** Whose request it is, and what it is admitted against. */
export interface Asking {
  readonly keyId: string;
  readonly caps: Cap[];
}

/** A request that was admitted. */
export interface Admitted {
  readonly requestId: string;
  readonly keyId: string;
  readonly carved: Hold['carved'];
}

export interface LedgerLoad {
  readonly accountId: string;
  /** Errors: those of `billing.hold`. */
  hold(asking: Asking): Promise<Admitted>;
  /** States that the request has ended well; resolves when the bus has stored it. */
  report(admitted: Admitted): Promise<unknown>;
  close(): Promise<void>;
}

/** A customer with money, who asks the ledger over NATS as ingress does: what `npm run bench -- --ledger` measures. */
export async function openLedgerLoad(natsUrl: string): Promise<LedgerLoad> {
  const logger = createLogger({ service: 'ledger-load', level: 'warn' });
  const bus = await createBus({ name: 'ledger-load', natsUrl, logger });
  const ledger = bus.client(billing);
  const context = () => ({
    requestId: randomUUID(),
    deadline: Date.now() + CALL_LIMIT_MS,
    signal: new AbortController().signal,
  });
  const { catalogue } = await bus.client(configuration).snapshot({}, context());
  const [price] = Catalogue.parse(catalogue).prices;
  if (!price) throw new Error('the catalogue has no price');
  const accountId = `acc_${randomUUID()}`;
  const credit = { transactionId: randomUUID(), accountId, amount: WALLET, reason: 'a load', actor: 'bench' };
  await ledger.credit(credit, context());
  return {
    accountId,
    hold: async ({ keyId, caps }) => {
      const requestId = randomUUID();
      const { carved } = await ledger.hold(
        {
          requestId,
          accountId,
          keyId,
          operation: 'generate',
          model: price.model,
          caps,
          reporter: 'bench',
          priceVersions: [price.id],
          inputTokensUpperBound: 1_200,
          maxOutputTokens: 500,
          modelMaxOutputTokens: 8_000,
          stream: false,
          deadline: Date.now() + CALL_LIMIT_MS,
        },
        context(),
      );
      return { requestId, keyId, carved };
    },
    report: ({ requestId, keyId, carved }) => {
      const { id, model } = price;
      return bus.publish(billing.usage, factOf(requestId, { accountId, keyId, model, priceVersion: id, carved }));
    },
    close: () => bus.drain(),
  };
}
