import { GatewayError } from '@bytespike/kernel';

import { authenticateAccount } from './authenticate.js';
import { keyJson, keySettings, readKeyChange, readNewKey } from './domain/key-json.js';
import { readPageSize } from './domain/page-size.js';
import { readQuery } from './domain/read-query.js';
import type { Exchange } from './http/exchange.js';
import { readJsonBody, requireManager, type ManagementPorts } from './manage-account.js';
import { ACCOUNT_PAGE } from './serve-account.js';

/** The keys of the caller's account; an inference key may look. */
export async function listKeys(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const query = readQuery(exchange.query, ['limit', 'cursor']);
  const cursor = query.get('cursor');
  const input = { accountId, limit: readPageSize(query, 'limit', ACCOUNT_PAGE), ...(cursor && { cursor }) };
  const { keys, nextCursor } = await ports.account.listKeys(input, exchange.context);
  return { data: keys.map(keyJson), next_cursor: nextCursor ?? null };
}

export async function readKey(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const { key } = await ports.account.readKey({ accountId, keyId: exchange.resource }, exchange.context);
  return keyJson(key);
}

/** The secret is in this answer and in no other (contract C6). */
export async function createKey(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const fields = readNewKey(await readJsonBody(exchange, ports));
  const settings = { ...keySettings(fields), name: fields.name, groupId: fields.group_id };
  const customKey = fields.custom_key ?? undefined;
  const { key, secret } = await ports.account.createKey(
    { accountId, settings, ...(customKey !== undefined && { customKey }) },
    exchange.context,
  );
  return { ...keyJson(key), key: secret };
}

export async function updateKey(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { name, group_id: groupId, status, ...rest } = readKeyChange(await readJsonBody(exchange, ports));
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
export async function rotateKey(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { key, secret } = await ports.account.rotateKey({ accountId, keyId: exchange.resource }, exchange.context);
  return { ...keyJson(key), key: secret };
}

export async function revokeKey(exchange: Exchange, ports: ManagementPorts): Promise<object> {
  const accountId = await requireManager(exchange, ports);
  const { key } = await ports.account.revokeKey({ accountId, keyId: exchange.resource }, exchange.context);
  return keyJson(key);
}

/** There is no reveal: only an HMAC of the secret is kept (contract C6). */
export async function revealKey(): Promise<never> {
  throw new GatewayError('gone', 'A key is shown once, when it is made: rotate it for a new secret.');
}
