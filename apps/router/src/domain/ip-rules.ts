import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** A key's address lists, parsed once. */
export interface IpRules {
  /** Empty lets every address in. A rule that could not be read is absent, so it lets nobody in. */
  readonly allow: readonly Range[];
  readonly deny: readonly Range[];
  readonly hasAllowList: boolean;
  /** A deny rule nobody can read may have meant anyone. */
  readonly deniesAll: boolean;
}

/** Reads CIDRs and single addresses, of both families. What cannot be read closes the door instead of opening it. */
export function compileIpRules(allow: readonly string[], deny: readonly string[]): IpRules {
  const allowed = allow.map(parseRange);
  const denied = deny.map(parseRange);
  return {
    allow: allowed.filter((range) => range !== undefined),
    deny: denied.filter((range) => range !== undefined),
    hasAllowList: allow.length > 0,
    deniesAll: denied.includes(undefined),
  };
}

/** Whether a client at this address may use the key. */
export function isAddressAllowed(rules: IpRules, clientAddress: string): boolean {
  if (rules.deniesAll) return false;
  if (!rules.hasAllowList && rules.deny.length === 0) return true;
  if (!ipaddr.isValid(clientAddress)) return false;
  // `process` turns ::ffff:10.0.0.1, as a dual-stack socket reports an IPv4 client, into 10.0.0.1.
  const address = ipaddr.process(clientAddress);
  const isIn = (range: Range): boolean => contains(range, address);
  return !rules.deny.some(isIn) && (!rules.hasAllowList || rules.allow.some(isIn));
}

const contains = ([network, bits]: Range, address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits);

function parseRange(text: string): Range | undefined {
  const trimmed = text.trim();
  if (ipaddr.isValidCIDR(trimmed)) return unmapped(ipaddr.parseCIDR(trimmed));
  if (!ipaddr.isValid(trimmed)) return undefined;
  const address = ipaddr.parse(trimmed);
  return unmapped([address, address.kind() === 'ipv4' ? 32 : 128]);
}

const MAPPED_PREFIX_BITS = 96;

function unmapped([address, bits]: Range): Range {
  if (!(address instanceof ipaddr.IPv6) || !address.isIPv4MappedAddress() || bits < MAPPED_PREFIX_BITS) {
    return [address, bits];
  }
  return [address.toIPv4Address(), bits - MAPPED_PREFIX_BITS];
}
