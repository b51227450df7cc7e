import type { ProtocolName } from '@bytespike/kernel';

import { ChannelFileError } from './channel-file.js';
import type { ChannelFile, ChannelFileModel, ChannelFilePrice, FileChannel } from './channel-file.js';
import { groupMembers } from './group-members.js';
import type { CatalogueDocument, Channel, Model, PriceVersion, RoutingGroup } from './schema.js';
import { tokenPrices } from './seed/model-seed.js';
import { validateCatalogue } from './validate.js';

/** A secret to read from the environment and to seal for a channel. */
export interface ChannelCredential {
  readonly channelId: string;
  readonly env: string;
  readonly weight: number;
}

export interface MergedChannels {
  readonly catalogue: CatalogueDocument;
  readonly credentials: readonly ChannelCredential[];
}

/**
 * The catalogue with a provider's own accounts in it. A model the file names is served by the file's channels only:
 * half of its traffic must not go on to the seeded ones. Merging the same file again changes nothing.
 */
export function mergeChannelFile(base: CatalogueDocument, file: ChannelFile, isoDate: string): MergedChannels {
  const definitions = file.channels.flatMap((channel) => channel.models.map((model) => ({ channel, model })));
  const withModels = definitions.reduce(
    (document, { channel, model }) => defineModel(document, channel, model, isoDate),
    base,
  );
  const catalogue = { ...withModels, channels: mergeChannels(base.channels, file) };
  const [problem] = validateCatalogue(catalogue);
  if (problem !== undefined) throw new ChannelFileError(problem);
  const credentials = file.channels.flatMap(({ name, credentials: given }) =>
    given.map(({ env, weight }) => ({ channelId: name, env, weight })),
  );
  return { catalogue, credentials };
}

function mergeChannels(seeded: readonly Channel[], file: ChannelFile): Channel[] {
  const own = new Set(file.channels.map(({ name }) => name));
  const taken = new Set(file.channels.flatMap(({ models }) => models.map(({ id }) => id)));
  const kept = seeded
    .filter(({ id }) => !own.has(id))
    .map((channel) => ({ ...channel, models: channel.models.filter(({ model }) => !taken.has(model)) }))
    .filter(({ models }) => models.length > 0);
  return [...kept, ...file.channels.map((channel) => toChannel(channel, seeded))];
}

const toChannel = (channel: FileChannel, seeded: readonly Channel[]): Channel => ({
  id: channel.name,
  name: channel.name,
  vendor: channel.vendor,
  protocol: channel.protocol,
  address: channel.address.replace(/\/+$/, ''),
  weight: channel.weight,
  models: channel.models.map(({ id, upstream }) => ({
    model: id,
    upstreamModel: upstream ?? knownUpstreamName(channel.vendor, id, seeded) ?? id,
  })),
});

const knownUpstreamName = (vendor: string, id: string, seeded: readonly Channel[]): string | undefined =>
  seeded
    .filter((channel) => channel.vendor === vendor)
    .flatMap(({ models }) => models)
    .find(({ model }) => model === id)?.upstreamModel;

function defineModel(
  document: CatalogueDocument,
  channel: FileChannel,
  given: ChannelFileModel,
  isoDate: string,
): CatalogueDocument {
  const existing = document.models.find(({ id }) => id === given.id);
  const model = existing ? speaking(existing, channel.protocol) : newModel(channel, given, isoDate);
  const models = existing
    ? document.models.map((one) => (one === existing ? model : one))
    : [...document.models, model];
  return {
    ...document,
    models,
    prices: given.price ? withPrice(document.prices, given.id, given.price, isoDate) : document.prices,
    groups: given.groups ? regroup(document.groups, model, given.groups, models) : document.groups,
  };
}

/** A channel in a protocol makes the model native there; a vendor's look-alike wire counts as native too. */
const speaking = (model: Model, protocol: ProtocolName): Model =>
  model.cells[protocol] === 'native' ? model : { ...model, cells: { ...model.cells, [protocol]: 'native' } };

function newModel(channel: FileChannel, given: ChannelFileModel, isoDate: string): Model {
  if (!given.price) throw new ChannelFileError(`model ${given.id} is not in the catalogue and has no price`);
  const capabilities = new Set<Model['capabilities'][number]>(['text', 'streaming', ...(given.capabilities ?? [])]);
  return {
    id: given.id,
    displayName: given.display_name ?? given.id,
    family: 'other',
    maker: channel.vendor,
    kind: 'text',
    capabilities: [...capabilities],
    contextWindow: given.context_window ?? 128_000,
    maxOutputTokens: given.max_output_tokens ?? 16_384,
    inputModalities: capabilities.has('vision') ? ['text', 'image'] : ['text'],
    outputModalities: ['text'],
    // Gemini's protocol serves Gemini's family unless a group opens more (contract C10).
    cells: {
      'anthropic-messages': 'translated',
      'openai-responses': 'translated',
      'openai-chat': 'translated',
      [channel.protocol]: 'native',
    },
    agent: 'none',
    created: Date.parse(`${isoDate}T00:00:00Z`) / 1000,
  };
}

/**
 * Adds a price, unless it is the one in force. Its version is named by what it says: the file is merged into the same
 * seed at every start, and a number would come to mean another price when the file changes, which versions never do.
 */
function withPrice(prices: PriceVersion[], model: string, price: ChannelFilePrice, isoDate: string): PriceVersion[] {
  const usdPerMillion = tokenPrices({
    input: price.input,
    output: price.output,
    cacheRead: price.cache_read ?? price.input,
    ...(price.cache_write_5m === undefined ? {} : { cacheWrite5m: price.cache_write_5m }),
    ...(price.cache_write_1h === undefined ? {} : { cacheWrite1h: price.cache_write_1h }),
    ...(price.search_calls === undefined ? {} : { searchCalls: price.search_calls }),
  });
  const id = `${model}@${fingerprint(usdPerMillion)}`;
  if (prices.findLast((version) => version.model === model)?.id === id) return prices;
  const others = prices.filter((version) => version.id !== id);
  return [...others, { id, model, effectiveFrom: isoDate, usdPerMillion, status: 'listed', estimatedClasses: [] }];
}

/** FNV-1a, 32 bits: enough to tell the prices of one model apart, and no more is asked of it. */
function fingerprint(usdPerMillion: PriceVersion['usdPerMillion']): string {
  let hash = 0x811c9dc5;
  for (const unit of JSON.stringify(Object.entries(usdPerMillion))) {
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
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
