import { isIP } from 'node:net';

import { mayConnect, type AddressRules } from './address-rules.js';
import { hostOf, readForeignUrl } from './foreign-url.js';
import { refused } from './refused.js';

/** Names that only a network of somebody's own has: without a dot, or set aside (RFC 6761, 6762, 7686, 8375, 9476). */
const OWN_NAMES = /^[^.]+$|\.(?:localhost|local|internal|invalid|onion|alt|home\.arpa)$/;

/**
 * Judges an address when it is given, as far as that can be done without asking anybody: its spelling, a number's range,
 * and names that nobody outside has. Where another name leads is judged whenever it is called. Throws the one refusal.
 */
export function judgeForeignUrl(text: string, rules: AddressRules): URL {
  const url = readForeignUrl(text, rules);
  const host = hostOf(url);
  const isOurs = isIP(host) === 0 ? isOwnName(host, rules) : !mayConnect(host, rules);
  if (isOurs) throw refused('address range');
  return url;
}

/** Where some addresses are exempt, names of theirs may be anything. */
const isOwnName = (host: string, { exemptAddresses }: AddressRules): boolean =>
  exemptAddresses.length === 0 && OWN_NAMES.test(host);
