import { GatewayError, parseJson, type JsonValue } from '@bytespike/kernel';
import { MANAGEMENT_KEY_PREFIX } from '@bytespike/secrets';

import { authenticateAccount } from './authenticate.js';
import type { Exchange } from './http/exchange.js';
import type { OpenExchanges } from './http/open-exchanges.js';
import { readBody } from './http/read-body.js';
import type { Timings } from './http/timings.js';
import type { AccountPorts } from './serve-account.js';

export interface ManagementPorts extends AccountPorts {
  readonly timings: Pick<Timings, 'bodyReadMs'>;
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

const BODY_BYTES_MAX = 64 * 1024;

/** The account whose management key asks. Errors: `forbidden` for an inference key, and those of `authenticateAccount`. */
export async function requireManager(exchange: Exchange, ports: ManagementPorts): Promise<string> {
  const { accountId, right } = await authenticateAccount(exchange, ports);
  if (right !== 'manage')
    throw new GatewayError('forbidden', `An account is managed with a management key (${MANAGEMENT_KEY_PREFIX}...).`);
  return accountId;
}

/** A body of the account surface. */
export async function readJsonBody(exchange: Exchange, ports: ManagementPorts): Promise<JsonValue> {
  return parseJson(Buffer.from(await readAccountBody(exchange, ports)).toString('utf8'));
}

/** The same as bytes. They are read from the connection once, and remembered. */
export async function readAccountBody(
  exchange: Exchange,
  { timings, exchanges }: ManagementPorts,
): Promise<Uint8Array> {
  const { request, response } = exchange;
  const reserve = (bytes: number): void => exchanges.reserve(exchange, bytes);
  const limits = { bytesMax: BODY_BYTES_MAX, timeoutMs: timings.bodyReadMs, reserve };
  exchange.body ??= await readBody(request, response, limits);
  return exchange.body;
}
