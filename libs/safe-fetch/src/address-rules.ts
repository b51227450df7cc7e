import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

/** What an address must be to be called. */
export interface AddressRules {
  readonly schemes: readonly ('http' | 'https')[];
  readonly ports: readonly number[] | 'any';
  /** Addresses outside the public internet that may be called all the same: none, but in development and tests. */
  readonly exemptAddresses: readonly string[];
}

export const PUBLIC_ADDRESS_RULES: AddressRules = { schemes: ['https'], ports: [443], exemptAddresses: [] };

/** For a machine where the vendors are simulated and customers' servers listen beside us. */
export const LOCAL_ADDRESS_RULES: AddressRules = {
  schemes: ['http', 'https'],
  ports: 'any',
  exemptAddresses: ['127.0.0.1', '::1'],
};

/** What no registry calls special and no customer's server lives at: Azure answers every machine's questions here. */
const METADATA_SERVERS = ['168.63.129.16'];

/** What the internet assigns to its hosts. Everything else in IPv6 is special, reserved, or a way into IPv4. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is one of the public internet. Whatever carries an IPv4 address within it (mapped, compatible,
 * NAT64, 6to4, Teredo) is not, public or no: where it ends is not ours to know.
 */
export function isPublicAddress(text: string): boolean {
  // ipaddr.js also reads what only some readers take for an address, such as `127.1`.
  if (isIP(text) === 0 || METADATA_SERVERS.includes(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || (address.zoneId === undefined && address.match(GLOBAL_UNICAST));
}

/** Whether the rules let an address be connected to. */
export const mayConnect = (address: string, rules: AddressRules): boolean =>
  isPublicAddress(address) || rules.exemptAddresses.includes(address);
