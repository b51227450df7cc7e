import ipaddr from 'ipaddr.js';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Tells whether an address is one of the operator's own proxies. */
export type ProxyTrust = (address: string) => boolean;

/** Reads a comma-separated list of addresses and CIDRs. Throws on one that is neither. */
export function trustProxies(list: string): ProxyTrust {
  const ranges = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(readRange);
  if (ranges.length === 0) return () => false;
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return ranges.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits));
  };
}

/**
 * The address that IP rules apply to: the connection's own, or, behind trusted proxies, the nearest hop of
 * `X-Forwarded-For` that is not one of them. A hop nobody vouches for is not believed.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: ProxyTrust,
): string {
  let address = plain(remote ?? '');
  if (forwardedFor === undefined || !isTrusted(address)) return address;
  const hops = forwardedFor.split(',').map((hop) => plain(hop.trim()));
  for (const hop of hops.reverse()) {
    if (!ipaddr.isValid(hop)) break;
    address = hop;
    if (!isTrusted(hop)) break;
  }
  return address;
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address);

function readRange(entry: string): Range {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
