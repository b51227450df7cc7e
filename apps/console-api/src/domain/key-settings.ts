import { GatewayError } from '@bytespike/kernel';
import ipaddr from 'ipaddr.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Refuses a list with an address range that would silently match nothing. */
export function assertAddressRanges(name: string, ranges: readonly string[] | undefined): void {
  const bad = ranges?.find((range) => !isAddressRange(range));
  if (bad !== undefined)
    throw new GatewayError('invalid-request', `${name}: "${bad}" is not an IP address or CIDR range`);
}

const isAddressRange = (range: string): boolean => ipaddr.isValid(range) || ipaddr.isValidCIDR(range);

/** Refuses a negative cap; zero means unlimited. */
export function assertCap(name: string, cap: bigint | undefined): void {
  if (cap !== undefined && cap < 0n) throw new GatewayError('invalid-request', `${name} must not be negative`);
}

export const expiryAfter = (days: number | undefined, now: number): Date | undefined =>
  days === undefined ? undefined : new Date(now + days * DAY_MS);
