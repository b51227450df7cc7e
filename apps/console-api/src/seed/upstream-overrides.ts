import type { BaseAddresses, VendorName } from '@bytespike/catalog';
import { REAL_BASE_ADDRESSES, vendorNames } from '@bytespike/catalog';
import { EnvironmentError, type Environment } from '@bytespike/config';
import { INFERENCE_KEY_PREFIX, MANAGEMENT_KEY_PREFIX, OPERATOR_TOKEN_PREFIX } from '@bytespike/secrets';

const OWN_KEY_PREFIXES = [INFERENCE_KEY_PREFIX, MANAGEMENT_KEY_PREFIX, OPERATOR_TOKEN_PREFIX];
const LOOPBACK = /^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\])$/;

const PREFIX = 'BYTESPIKE_UPSTREAM_';

export interface UpstreamOverride {
  readonly vendor: VendorName;
  readonly address: string;
  readonly apiKey: string | undefined;
}

/**
 * Vendors that `BYTESPIKE_UPSTREAM_<VENDOR>_API_KEY` and `_BASE_URL` send to the real thing. The clients' own variable
 * names are never read: a shell that points Claude Code at us must not point us at ourselves. For the same reason our
 * own keys and our own addresses are refused here.
 */
export function readUpstreamOverrides(
  environment: Environment,
  ownPorts: readonly number[],
): readonly UpstreamOverride[] {
  assertKnownNames(environment);
  return vendorNames.flatMap((vendor) => {
    const prefix = `${PREFIX}${vendor.toUpperCase()}`;
    const apiKey = environment[`${prefix}_API_KEY`] || undefined;
    const given = environment[`${prefix}_BASE_URL`] || undefined;
    if (apiKey === undefined && given === undefined) return [];
    if (OWN_KEY_PREFIXES.some((own) => apiKey?.startsWith(own)))
      throw new EnvironmentError(`${prefix}_API_KEY is one of our own keys`);
    return [
      {
        vendor,
        apiKey,
        address: given ? foreignAddress(`${prefix}_BASE_URL`, given, ownPorts) : REAL_BASE_ADDRESSES[vendor],
      },
    ];
  });
}

/** A misspelt name would leave its vendor simulated without a word. */
function assertKnownNames(environment: Environment): void {
  const known = vendorNames.flatMap((vendor) => [
    `${vendor.toUpperCase()}_API_KEY`,
    `${vendor.toUpperCase()}_BASE_URL`,
  ]);
  const stranger = Object.keys(environment).find(
    (name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)),
  );
  if (stranger !== undefined)
    throw new EnvironmentError(
      `${stranger} names no vendor: ${PREFIX}<${vendorNames.join('|').toUpperCase()}>_API_KEY or _BASE_URL`,
    );
}

/** An address of a vendor. Throws when it is none, or this gateway's own. */
export function foreignAddress(name: string, text: string, ownPorts: readonly number[]): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new EnvironmentError(`${name} is not an http(s) URL`);
  const { hostname, port } = new URL(text);
  if (LOOPBACK.test(hostname) && ownPorts.includes(Number(port)))
    throw new EnvironmentError(`${name} points at this gateway itself`);
  return text.replace(/\/+$/, '');
}

export const overriddenAddresses = (base: BaseAddresses, overrides: readonly UpstreamOverride[]): BaseAddresses => ({
  ...base,
  ...Object.fromEntries(overrides.map(({ vendor, address }) => [vendor, address])),
});
