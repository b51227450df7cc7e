import type { ProtocolName } from '@bytespike/kernel';

import type { Channel, MediaChannel } from '../schema.js';
import type { VendorWire } from '../vendor.js';
import { findVendor, VENDORS, vendorNames } from '../vendors.js';
import type { VendorName } from '../vendors.js';
import { MODEL_SEEDS } from './models.js';

/** Where each vendor is reached, without a trailing slash and without a wire's own mount. */
export type BaseAddresses = Readonly<Record<VendorName, string>>;

/** The vendors themselves. */
export const REAL_BASE_ADDRESSES: BaseAddresses = mapVendors((name) => VENDORS[name].baseAddress);

const SIMULATOR_PREFIXES = {
  anthropic: '/anthropic',
  openai: '/openai',
  google: '/gemini',
  deepseek: '/deepseek',
  moonshot: '/moonshot',
  zhipu: '/zhipu',
  minimax: '/minimax',
  bytedance: '/ark',
} as const satisfies BaseAddresses;

/** Where provider-sim, listening at `origin`, plays each vendor. */
export const simulatorBaseAddresses = (origin: string): BaseAddresses =>
  mapVendors((name) => `${origin}${SIMULATOR_PREFIXES[name]}`);

/** One channel per vendor and protocol that at least one seeded model answers natively. */
export function seedChannels(baseAddresses: BaseAddresses): Channel[] {
  return vendorNames.flatMap((vendor) =>
    Object.entries(findVendor(vendor)?.wires ?? {}).flatMap(([protocol, wire]) =>
      seedChannel(vendor, protocol as ProtocolName, `${baseAddresses[vendor]}${mountOf(wire)}`),
    ),
  );
}

/** One channel per vendor that makes pictures or films. */
export function seedMediaChannels(baseAddresses: BaseAddresses): MediaChannel[] {
  return vendorNames.flatMap((vendor) => {
    const models = MODEL_SEEDS.filter(({ model }) => model.maker === vendor && model.kind !== 'text').map(
      ({ model, upstreamModel }) => ({ model: model.id, upstreamModel }),
    );
    if (models.length === 0) return [];
    return [
      { id: `${vendor}-media`, name: `${vendor} (media)`, vendor, address: baseAddresses[vendor], weight: 1, models },
    ];
  });
}

function seedChannel(vendor: VendorName, protocol: ProtocolName, address: string): Channel[] {
  const models = MODEL_SEEDS.filter(({ model }) => model.maker === vendor && model.cells[protocol] === 'native').map(
    ({ model, upstreamModel }) => ({ model: model.id, upstreamModel }),
  );
  if (models.length === 0) return [];
  return [
    { id: `${vendor}-${protocol}`, name: `${vendor} (${protocol})`, vendor, protocol, address, weight: 1, models },
  ];
}

const mountOf = (wire: VendorWire | undefined): string => wire?.mount ?? '';

function mapVendors(address: (name: VendorName) => string): BaseAddresses {
  return Object.fromEntries(vendorNames.map((name) => [name, address(name)])) as Record<VendorName, string>;
}
