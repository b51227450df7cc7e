import type { account, ClientFor, Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { isManagementKey, readCredential } from '@bytespike/secrets';

import { clientAddress, type ProxyTrust } from './http/client-address.js';
import type { Digester } from './http/credential.js';
import type { Exchange } from './http/exchange.js';
import type { KnownCallers } from './known-callers.js';

export interface AuthenticationPorts {
  readonly callers: Pick<KnownCallers, 'find'>;
  readonly account: Pick<ClientFor<typeof account>, 'authenticate'>;
  readonly digest: Digester;
  readonly isTrustedProxy: ProxyTrust;
}

/** Whose account surface is asked for, and whether its keys may be changed. */
export interface AccountCaller {
  readonly accountId: string;
  /** `read`: an inference key. `manage`: a management key (contract 0.8). */
  readonly right: 'read' | 'manage';
  /** The routing group of an inference key; a management key has none. */
  readonly groupId?: string;
}

/** Who asks for inference. Errors: `unauthenticated`, `forbidden`, `unavailable`. The body is not read before this. */
export async function authenticate(exchange: Exchange, ports: AuthenticationPorts): Promise<Principal> {
  const credential = requireCredential(exchange);
  if (isManagementKey(credential))
    throw new GatewayError('unauthenticated', 'A management key cannot be used for inference: use an API key.');
  const principal = await ports.callers.find(
    { keyDigest: requireDigest(credential, ports.digest), clientAddress: addressOf(exchange, ports) },
    exchange.context.requestId,
  );
  exchange.owner = principal;
  return principal;
}

/** Who asks for the account surface: either kind of key. Errors as above. */
export async function authenticateAccount(exchange: Exchange, ports: AuthenticationPorts): Promise<AccountCaller> {
  const credential = requireCredential(exchange);
  if (!isManagementKey(credential)) {
    const { accountId, groupId } = await authenticate(exchange, ports);
    return { accountId, groupId, right: 'read' };
  }
  const keyDigest = requireDigest(credential, ports.digest);
  const { accountId } = await ports.account.authenticate({ keyDigest }, exchange.context);
  if (accountId === undefined) throw new GatewayError('forbidden', 'This key belongs to no account.');
  return { accountId, right: 'manage' };
}

function requireCredential({ request, query }: Exchange): string {
  const credential = readCredential(request.headers, query);
  if (credential === undefined)
    throw new GatewayError('unauthenticated', 'No API key: send it as x-api-key, x-goog-api-key or a Bearer token.');
  return credential;
}

function requireDigest(credential: string, digest: Digester): string {
  const known = digest(credential);
  if (known === undefined) throw new GatewayError('unauthenticated', 'This API key is not valid.');
  return known;
}

function addressOf({ request }: Exchange, { isTrustedProxy }: AuthenticationPorts): string {
  const forwardedFor = request.headers['x-forwarded-for'];
  const list = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor?.join(',');
  return clientAddress(request.socket.remoteAddress, list, isTrustedProxy);
}
