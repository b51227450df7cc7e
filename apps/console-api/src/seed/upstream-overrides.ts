import type { BaseAddresses, VendorName } from '@bytespike/catalog';
import { REAL_BASE_ADDRESSES, vendorNames } from '@bytespike/catalog';
import { EnvironmentError, type Environment } from '@bytespike/config';

const OWN_KEY = /^sk-(mgmt-)?byts-/;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1', '0.0.0.0']);

export interface UpstreamOverride {
  readonly vendor: VendorName;
  readonly address: string;
  readonly apiKey: string | undefined;
}

/**
 * Vendors that `BYTESPIKE_UPSTREAM_<VENDOR>_API_KEY` and `_BASE_URL` send to the real thing. The clients' own variable
 * names are never read: a shell that points Claude Code at us must not point us at ourselves. For the same reason our
 * own keys and our own address are refused here.
 */
export function readUpstreamOverrides(environment: Environment, ownPort: number): readonly UpstreamOverride[] {
  return vendorNames.flatMap((vendor) => {
    const prefix = `BYTESPIKE_UPSTREAM_${vendor.toUpperCase()}`;
    const apiKey = environment[`${prefix}_API_KEY`] || undefined;
    const given = environment[`${prefix}_BASE_URL`] || undefined;
    if (apiKey === undefined && given === undefined) return [];
    if (apiKey && OWN_KEY.test(apiKey)) throw new EnvironmentError(`${prefix}_API_KEY is one of our own keys`);
    return [
      {
        vendor,
        apiKey,
        address: given ? foreignAddress(`${prefix}_BASE_URL`, given, ownPort) : REAL_BASE_ADDRESSES[vendor],
      },
    ];
  });
}

function foreignAddress(name: string, text: string, ownPort: number): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new EnvironmentError(`${name} is not an http(s) URL`);
  const { hostname, port } = new URL(text);
  if (LOOPBACK.has(hostname) && Number(port) === ownPort)
    throw new EnvironmentError(`${name} points at this gateway itself`);
  return text.replace(/\/+$/, '');
}

export const overriddenAddresses = (base: BaseAddresses, overrides: readonly UpstreamOverride[]): BaseAddresses => ({
  ...base,
  ...Object.fromEntries(overrides.map(({ vendor, address }) => [vendor, address])),
});
