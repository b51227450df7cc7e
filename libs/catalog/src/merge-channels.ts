import { ChannelFileError } from './channel-file.js';
import type { ChannelFile, FileChannel, FileMediaChannel } from './channel-file.js';
import { mediaDefinition, textDefinition } from './file-models.js';
import type { ModelDefinition } from './file-models.js';
import { withPrice } from './file-prices.js';
import { groupMembers } from './group-members.js';
import { indexCatalogue, resolveModelName } from './index-catalogue.js';
import type { CatalogueDocument, Channel, MediaChannel, Model, RoutingGroup } from './schema.js';
import { validateCatalogue } from './validate.js';

/** A secret to read from the environment and to seal for a channel. */
export interface ChannelCredential {
  readonly channelId: string;
  readonly env: string;
  readonly weight: number;
}

/** The catalogue with a file's channels, and where their credentials are to be read. */
export interface MergedChannels {
  readonly catalogue: CatalogueDocument;
  readonly credentials: readonly ChannelCredential[];
}

/**
 * The catalogue with a provider's own accounts in it. A model the file names is served by the file's channels only:
 * half of its traffic must not go on to the seeded ones. Merging the same file again changes nothing.
 */
export function mergeChannelFile(base: CatalogueDocument, file: ChannelFile, isoDate: string): MergedChannels {
  requireOwnNames(base, file);
  const withModels = definitions(file, isoDate).reduce(
    (document, definition) => defineModel(document, definition, isoDate),
    base,
  );
  const catalogue = {
    ...withModels,
    channels: mergeChannels(base.channels, file, textChannels(file, base)),
    mediaChannels: mergeChannels(base.mediaChannels, file, mediaChannels(file, base)),
  };
  const [problem] = validateCatalogue(catalogue);
  if (problem !== undefined) throw new ChannelFileError(problem);
  const credentials = everyChannel(file).flatMap(({ name, credentials: given }) =>
    given.map(({ env, weight }) => ({ channelId: name, env, weight })),
  );
  return { catalogue, credentials };
}

const definitions = (file: ChannelFile, isoDate: string): readonly ModelDefinition[] => [
  ...file.channels.flatMap((channel) => channel.models.map((model) => textDefinition(channel, model, isoDate))),
  ...file.media_channels.flatMap((channel) => channel.models.map((model) => mediaDefinition(channel, model, isoDate))),
];

const everyChannel = (file: ChannelFile): readonly (FileChannel | FileMediaChannel)[] => [
  ...file.channels,
  ...file.media_channels,
];

/** A name that requests know for another's would be taken for a new model, which nobody could ever ask for. */
function requireOwnNames(base: CatalogueDocument, file: ChannelFile): void {
  const index = indexCatalogue(base);
  for (const id of everyChannel(file).flatMap(({ models }) => models.map(({ id }) => id))) {
    const known = resolveModelName(index, id);
    if (known?.kind === 'retired') throw new ChannelFileError(`model ${id} is retired: name ${known.successor}`);
    if (known?.alias !== undefined)
      throw new ChannelFileError(`model ${id} is another name of ${known.model.id}: name it so`);
  }
}

const textChannels = (file: ChannelFile, { channels }: CatalogueDocument): readonly Channel[] =>
  file.channels.map((channel) => ({ ...toChannel(channel, channels), protocol: channel.protocol }));

const mediaChannels = (file: ChannelFile, { mediaChannels: seeded }: CatalogueDocument): readonly MediaChannel[] =>
  file.media_channels.map((channel) => toChannel(channel, seeded));

/** What the seed has of one sort, as far as the file leaves it, and then what the file has. */
function mergeChannels<Kind extends MediaChannel>(
  seeded: readonly Kind[],
  file: ChannelFile,
  own: readonly Kind[],
): Kind[] {
  const named = new Set(everyChannel(file).map(({ name }) => name));
  const taken = new Set(everyChannel(file).flatMap(({ models }) => models.map(({ id }) => id)));
  const kept = seeded
    .filter(({ id }) => !named.has(id))
    .map((channel) => ({ ...channel, models: channel.models.filter(({ model }) => !taken.has(model)) }))
    .filter(({ models }) => models.length > 0);
  return [...kept, ...own];
}

const toChannel = (channel: FileChannel | FileMediaChannel, seeded: readonly MediaChannel[]): MediaChannel => ({
  id: channel.name,
  name: channel.name,
  vendor: channel.vendor,
  address: channel.address.replace(/\/+$/, ''),
  weight: channel.weight,
  models: channel.models.map(({ id, upstream }) => ({
    model: id,
    upstreamModel: upstream ?? knownUpstreamName(channel.vendor, id, seeded) ?? id,
  })),
});

const knownUpstreamName = (vendor: string, id: string, seeded: readonly MediaChannel[]): string | undefined =>
  seeded
    .filter((channel) => channel.vendor === vendor)
    .flatMap(({ models }) => models)
    .find(({ model }) => model === id)?.upstreamModel;

function defineModel(document: CatalogueDocument, definition: ModelDefinition, isoDate: string): CatalogueDocument {
  const { id, price, groups } = definition;
  const existing = document.models.find((one) => one.id === id);
  const model = definition.become(existing);
  const models = existing
    ? document.models.map((one) => (one === existing ? model : one))
    : [...document.models, model];
  return {
    ...document,
    models,
    prices: price ? withPrice(document.prices, id, price, isoDate) : document.prices,
    groups: groups ? regroup(document.groups, model, groups, models) : document.groups,
  };
}

/** Puts the model into the named groups and takes it out of all others. */
function regroup(
  groups: RoutingGroup[],
  model: Model,
  named: readonly string[],
  models: readonly Model[],
): RoutingGroup[] {
  const missing = named.find((name) => !groups.some((group) => group.name === name));
  if (missing !== undefined) throw new ChannelFileError(`model ${model.id} names the unknown group ${missing}`);
  return groups.map((group) => {
    const isMember = groupMembers(group, models).some(({ id }) => id === model.id);
    const isNamed = named.includes(group.name);
    if (isMember === isNamed) return group;
    if (!isNamed) return { ...group, except: [...(group.except ?? []), model.id] };
    return {
      ...group,
      models: group.models.includes(model.id) ? group.models : [...group.models, model.id],
      except: (group.except ?? []).filter((id) => id !== model.id),
    };
  });
}
