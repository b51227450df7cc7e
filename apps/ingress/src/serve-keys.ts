import { GatewayError, parseJson, type JsonValue } from '@bytespike/kernel';
import { MANAGEMENT_KEY_PREFIX } from '@bytespike/secrets';

import { authenticateAccount } from './authenticate.js';
import { keyJson, keySettings, readKeyChange, readNewKey } from './domain/key-json.js';
import { readPageSize } from './domain/page-size.js';
import type { Exchange } from './http/exchange.js';
import type { OpenExchanges } from './http/open-exchanges.js';
import { readBody } from './http/read-body.js';
import type { Timings } from './http/timings.js';
import { ACCOUNT_PAGE, type AccountPorts } from './serve-account.js';

export interface KeyPorts extends AccountPorts {
  readonly timings: Pick<Timings, 'bodyReadMs'>;
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

const BODY_BYTES_MAX = 64 * 1024;

/** The keys of the caller's account; an inference key may look. */
export async function listKeys(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = new URLSearchParams(exchange.query);
  const cursor = query.get('cursor');
  const input = { accountId, limit: readPageSize(query, 'limit', ACCOUNT_PAGE), ...(cursor && { cursor }) };
  const { keys, nextCursor } = await ports.account.listKeys(input, exchange.context);
  return { data: keys.map(keyJson), next_cursor: nextCursor ?? null };
}

export async function readKey(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { key } = await ports.account.readKey({ accountId, keyId: exchange.resource }, exchange.context);
  return keyJson(key);
}

/** The secret is in this answer and in no other (contract C6). */
export async function createKey(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const fields = readNewKey(await readJson(exchange, ports));
  const settings = { ...keySettings(fields), name: fields.name, groupId: fields.group_id };
  const customKey = fields.custom_key ?? undefined;
  const { key, secret } = await ports.account.createKey(
    { accountId, settings, ...(customKey !== undefined && { customKey }) },
    exchange.context,
  );
  return { ...keyJson(key), key: secret };
}

export async function updateKey(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { name, group_id: groupId, status, ...rest } = readKeyChange(await readJson(exchange, ports));
  const settings = {
    ...keySettings(rest),
    ...(name !== undefined && { name }),
    ...(groupId !== undefined && { groupId }),
    ...(status !== undefined && { status }),
  };
  const { key } = await ports.account.updateKey({ accountId, keyId: exchange.resource, settings }, exchange.context);
  return keyJson(key);
}

/** A new secret for the same key; the old one stops working. */
export async function rotateKey(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { key, secret } = await ports.account.rotateKey({ accountId, keyId: exchange.resource }, exchange.context);
  return { ...keyJson(key), key: secret };
}

export async function revokeKey(exchange: Exchange, ports: KeyPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { key } = await ports.account.revokeKey({ accountId, keyId: exchange.resource }, exchange.context);
  return keyJson(key);
}

/** There is no reveal: only an HMAC of the secret is kept (contract C6). */
export async function revealKey(): Promise<never> {
  throw new GatewayError('gone', 'A key is shown once, when it is made: rotate it for a new secret.');
}

async function requireManager(exchange: Exchange, ports: KeyPorts): Promise<string> {
  const { accountId, right } = await authenticateAccount(exchange, ports);
  if (right !== 'manage')
    throw new GatewayError('forbidden', `Keys are changed with a management key (${MANAGEMENT_KEY_PREFIX}...).`);
  return accountId;
}

async function readJson(exchange: Exchange, { timings, exchanges }: KeyPorts): Promise<JsonValue> {
  const { request, response } = exchange;
  const reserve = (bytes: number): void => exchanges.reserve(exchange, bytes);
  const limits = { bytesMax: BODY_BYTES_MAX, timeoutMs: timings.bodyReadMs, reserve };
  return parseJson((await readBody(request, response, limits)).toString('utf8'));
}
