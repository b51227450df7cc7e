import { Accounting, type billing, type ClientFor } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';
import { z } from 'zod';

import { capsOfCaller } from './domain/caps-for.js';
import { accountingHeaders, type FlatHeaders } from './domain/accounting-headers.js';
import type { Exchange } from './http/exchange.js';
import type { Timings } from './http/timings.js';

export interface AccountingPorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'accounting'>;
  readonly timings: Pick<Timings, 'accountingMs'>;
}

/** The accounting headers that a refused hold brought along. */
export function accountingOf(error: GatewayError, { owner }: Exchange): FlatHeaders | undefined {
  const given = error.details?.accounting;
  if (given === undefined || !owner) return undefined;
  // From this process it comes in memory's form, over the wire in JSON's.
  const facts = z.safeEncode(Accounting, given as Accounting).success ? (given as Accounting) : decoded(given);
  return facts && accountingHeaders(facts, owner, Date.now());
}

function decoded(given: unknown): Accounting | undefined {
  const { success, data } = Accounting.safeParse(given);
  return success ? data : undefined;
}

/**
 * Asks for the accounting headers of an answer that comes without a hold. They are a courtesy: an answer does not
 * wait longer than a moment for them, and is never worse for their absence.
 */
export async function fillAccounting(exchange: Exchange, ports: AccountingPorts): Promise<void> {
  const { owner, context, response } = exchange;
  if (exchange.accounting || !owner || response.headersSent || response.destroyed) return;
  const deadline = Date.now() + ports.timings.accountingMs;
  const { accountId, keyId, caps } = owner;
  const accounting = await ports.billing
    .accounting({ accountId, keyId, caps: capsOfCaller({ caps }) }, { ...context, deadline })
    .catch(() => undefined);
  if (accounting) exchange.accounting = accountingHeaders(accounting, owner, Date.now());
}
