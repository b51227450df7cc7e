import { setTimeout as delay } from 'node:timers/promises';

import type { GatewayError } from '@bytespike/kernel';

import { accountingOf, fillAccounting, type AccountingPorts } from '../account-headers.js';
import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Exchange } from './exchange.js';
import { refuse } from './refuse.js';

export type CallerPorts = AuthenticationPorts & AccountingPorts;

/** Refuses, and tells the caller how its limits stand, as every answer to a known key does (contract 0.4). */
export async function refuseTold(
  exchange: Exchange,
  error: GatewayError,
  ports: CallerPorts,
  extra: FlatHeaders = [],
): Promise<void> {
  exchange.accounting ??= accountingOf(error, exchange);
  if (isBeforeAnyKey(error)) await meetCaller(exchange, ports);
  await fillAccounting(exchange, ports);
  refuse(exchange, error, extra);
}

/** What is said of an address or its method is said to anybody; the other failures know who asks, or that nobody does. */
const isBeforeAnyKey = ({ kind }: GatewayError): boolean =>
  kind === 'not-found' || kind === 'method-not-allowed' || kind === 'upgrade-required' || kind === 'invalid-request';

/**
 * Learns whose key came along, where the answer does not depend on it. Who shows none, or one that is refused, has no limits to
 * be told of; nobody waits for this longer than a moment.
 */
export async function meetCaller(exchange: Exchange, ports: CallerPorts): Promise<void> {
  if (exchange.owner) return;
  const met = authenticate(exchange, ports).catch(() => undefined);
  await Promise.race([met, delay(ports.timings.accountingMs, undefined, { ref: false })]);
}
