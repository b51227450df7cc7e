import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

import { mayConnect, type AddressRules } from './address-rules.js';
import { hostOf } from './foreign-url.js';
import { refused } from './refused.js';

/** Every address of a name, IPv4 and IPv6. */
export type ResolveHost = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

const QUERY_MS_MAX = 2_000;
const QUERY_TRIES = 2;
/** More than any service has, and few enough to look at. */
const ADDRESSES_MAX = 64;

/**
 * Asks DNS itself: not the hosts file, which knows names of ours, and not `getaddrinfo`, of which four slow ones stop
 * every file of the process. A name without addresses of one family is resolved by the other.
 */
export const resolveByDns: ResolveHost = async (hostname, signal) => {
  const resolver = new Resolver({ timeout: QUERY_MS_MAX, tries: QUERY_TRIES });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/**
 * The addresses that a URL may be fetched from: all that its host has, asked for once. Throws the one refusal unless each
 * of them may be connected to: one good address does not excuse a bad one.
 */
export async function allowedAddresses(
  url: URL,
  { resolve, rules, signal }: { resolve: ResolveHost; rules: AddressRules; signal: AbortSignal },
): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await resolve(host, signal) : [host];
  if (addresses.length === 0 || addresses.length > ADDRESSES_MAX) throw refused('no address');
  if (!addresses.every((address) => mayConnect(address, rules))) throw refused('address range');
  return addresses;
}
