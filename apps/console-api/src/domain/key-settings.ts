import { GatewayError } from '@bytespike/kernel';
import ipaddr from 'ipaddr.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Refuses a list with an address range that would silently match nothing. */
export function assertAddressRanges(name: string, ranges: readonly string[] | undefined): void {
  const bad = ranges?.find((range) => !isAddressRange(range));
  if (bad !== undefined)
    throw new GatewayError('invalid-request', `${name}: "${bad}" is not an IP address or CIDR range`);
}

/**
 * An IPv4 address is written with four decimal numbers. The shorthands of old are valid to a parser and mean something else
 * than their author: "192.168" is 192.0.0.168, and "010.0.0.1" is 8.0.0.1.
 */
function isAddressRange(range: string): boolean {
  if (!ipaddr.isValid(range) && !ipaddr.isValidCIDR(range)) return false;
  const [address = ''] = range.split('/', 1);
  return ipaddr.IPv6.isValid(address) || ipaddr.IPv4.isValidFourPartDecimal(address);
}

/** Refuses a negative cap; zero means unlimited. */
export function assertCap(name: string, cap: bigint | undefined): void {
  if (cap !== undefined && cap < 0n) throw new GatewayError('invalid-request', `${name} must not be negative`);
}

/** When a key that is given this many days ends: null is never, undefined says nothing about it. */
export const expiryAfter = (days: number | null | undefined, now: number): Date | null | undefined =>
  typeof days === 'number' ? new Date(now + days * DAY_MS) : days;
