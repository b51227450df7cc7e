import { readFileSync } from 'node:fs';

import type { BaseAddresses, CatalogueDocument } from '@bytespike/catalog';
import {
  isVendorName,
  mergeChannelFile,
  readChannelFile,
  seedCatalogue,
  simulatorBaseAddresses,
  type VendorName,
} from '@bytespike/catalog';
import { EnvironmentError, type Environment } from '@bytespike/config';
import { findImageModel, findVideoModel } from '@bytespike/media';
import { parse } from 'yaml';

import type { SeedEnv } from './seed-env.js';
import {
  foreignAddress,
  overriddenAddresses,
  readUpstreamOverrides,
  type UpstreamOverride,
} from './upstream-overrides.js';

export interface SeedCredential {
  readonly channelId: string;
  readonly secret: string;
  readonly weight: number;
}

export interface SeedConfiguration {
  readonly catalogue: CatalogueDocument;
  readonly credentials: readonly SeedCredential[];
}

/** The contract's catalogue at the simulator, at real vendors where the operator said so, and with their own channels. */
export function buildConfiguration(env: SeedEnv, environment: Environment, isoDate: string): SeedConfiguration {
  const ownPorts = [env.INGRESS_PORT, env.CONSOLE_API_PORT];
  const overrides = readUpstreamOverrides(environment, ownPorts);
  const addresses: BaseAddresses = overriddenAddresses(simulatorBaseAddresses(env.SEED_SIMULATOR), overrides);
  const seeded = seedCatalogue(addresses);
  const credentials = [...seeded.channels, ...seeded.mediaChannels].map(({ id, vendor }) => ({
    channelId: id,
    weight: 1,
    secret: isVendorName(vendor) ? secretOf(vendor, overrides) : '',
  }));
  if (!env.SEED_CHANNELS) return { catalogue: seeded, credentials };
  const file = readChannels(env.SEED_CHANNELS);
  for (const { name, address } of [...file.channels, ...file.media_channels])
    foreignAddress(`the address of channel ${name}`, address, ownPorts);
  const merged = mergeChannelFile(seeded, file, isoDate);
  requireLimits(merged.catalogue);
  const own = merged.credentials.map(({ channelId, env: name, weight }) => ({
    channelId,
    weight,
    secret: required(environment, name),
  }));
  const replaced = new Set(own.map(({ channelId }) => channelId));
  return {
    catalogue: merged.catalogue,
    credentials: [...credentials.filter(({ channelId }) => !replaced.has(channelId)), ...own],
  };
}

/** The operator's file; whatever is wrong with it is one line that begins with its name. */
function readChannels(path: string): ReturnType<typeof readChannelFile> {
  try {
    return readChannelFile(parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const [line] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new EnvironmentError(`${path}: ${line?.replace(/:$/, '')}`, { cause });
  }
}

/** A picture or film is judged by what its model can do before it is sold, so somebody must have described it. */
function requireLimits({ models, mediaChannels }: CatalogueDocument): void {
  const kinds = new Map(models.map(({ id, kind }) => [id, kind]));
  for (const names of mediaChannels.flatMap((channel) => channel.models)) {
    const row = kinds.get(names.model) === 'video' ? findVideoModel(names) : findImageModel(names);
    if (!row)
      throw new EnvironmentError(
        `the channel file names ${names.model} at upstream ${names.upstreamModel}, whose sizes and lengths nobody has described`,
      );
  }
}

/** The simulator accepts any key that begins with `sim-`. */
const secretOf = (vendor: VendorName, overrides: readonly UpstreamOverride[]): string =>
  overrides.find((override) => override.vendor === vendor)?.apiKey ?? `sim-${vendor}-key`;

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new EnvironmentError(`the channel file reads ${name}, which is not set`);
  return value;
}
