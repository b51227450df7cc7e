import type { UsageClass } from '@bytespike/kernel';

import { modelNameKey } from './model-name-key.js';
import { CatalogueDocument } from './schema.js';
import type { MediaChannel, Model, PriceVersion } from './schema.js';
import { findVendor, isVendorName, vendorNames } from './vendors.js';

/** Classes without which a text model would deliver something for nothing. */
const PRICED_CLASSES = ['input', 'cacheRead', 'output', 'reasoning'] as const satisfies readonly UsageClass[];

/**
 * Every reason why this document cannot be used, in sentences for an operator; none means that it can. The same
 * function judges where a catalogue is written and where it is read.
 */
export function validateCatalogue(document: unknown): readonly string[] {
  const parsed = CatalogueDocument.safeParse(document);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const catalogue = parsed.data;
  const modelIds = new Set(catalogue.models.map(({ id }) => id));
  return [
    ...duplicates(catalogue),
    ...names(catalogue, modelIds),
    ...groups(catalogue, modelIds),
    ...prices(catalogue, modelIds),
    ...limits(catalogue),
    ...textChannels(catalogue, modelIds),
    ...mediaChannels(catalogue, modelIds),
  ];
}

/**
 * Native cells, pictures and films that no channel can serve: fine for an operator with few vendors, a hole in the seed.
 */
export function uncoveredCells({ models, channels, mediaChannels }: CatalogueDocument): readonly string[] {
  const served = new Set([
    ...channels.flatMap((channel) => channel.models.map(({ model }) => `${model} on ${channel.protocol}`)),
    ...mediaChannels.flatMap((channel) => channel.models.map(({ model }) => model)),
  ]);
  return models
    .flatMap(({ id, kind, cells }) => {
      if (kind !== 'text') return [id];
      return Object.entries(cells).flatMap(([protocol, cell]) => (cell === 'native' ? [`${id} on ${protocol}`] : []));
    })
    .filter((cell) => !served.has(cell));
}

const repeated = (values: readonly string[]): readonly string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

/** Of both sorts: their credentials lie under their ids in one place. */
const everyChannel = ({ channels, mediaChannels }: CatalogueDocument): readonly MediaChannel[] => [
  ...channels,
  ...mediaChannels,
];

function duplicates(catalogue: CatalogueDocument): readonly string[] {
  const { models, prices, groups } = catalogue;
  const channels = everyChannel(catalogue);
  return [
    ...repeated(models.map(({ id }) => `model ${id}`)),
    ...repeated(prices.map(({ id }) => `price ${id}`)),
    ...repeated(groups.map(({ id }) => `group ${id}`)),
    ...repeated(groups.map(({ name }) => `group "${name}"`)),
    ...repeated(channels.map(({ id }) => `channel ${id}`)),
    ...channels.flatMap(({ id, models: served }) =>
      repeated(served.map(({ model }) => `model ${model} of channel ${id}`)),
    ),
  ].map((what) => `${what} is there twice`);
}

function names({ models, aliases, retirements }: CatalogueDocument, modelIds: ReadonlySet<string>): readonly string[] {
  const spoken = [
    ...models.map(({ id }) => id),
    ...aliases.map(({ alias }) => alias),
    ...retirements.map(({ slug }) => slug),
  ];
  return [
    ...repeated(spoken.map(modelNameKey)).map((key) => `the name ${key} means two things`),
    ...aliases.filter(({ model }) => !modelIds.has(model)).map(({ alias, model }) => unknown(`alias ${alias}`, model)),
    ...retirements
      .filter(({ successor }) => !modelIds.has(successor))
      .map(({ slug, successor }) => unknown(`retired slug ${slug}`, successor)),
  ];
}

function groups({ models, groups }: CatalogueDocument, modelIds: ReadonlySet<string>): readonly string[] {
  const known = new Set(['*', ...modelIds, ...models.map(({ family }) => `family:${family}`)]);
  return groups.flatMap(({ name, models: words, except = [] }) =>
    [...words, ...except].filter((word) => !known.has(word)).map((word) => unknown(`group ${name}`, word)),
  );
}

function prices(catalogue: CatalogueDocument, modelIds: ReadonlySet<string>): readonly string[] {
  const routable = new Set(everyChannel(catalogue).flatMap(({ models }) => models.map(({ model }) => model)));
  const priced = new Set(catalogue.prices.map(({ model }) => model));
  const byId = new Map(catalogue.models.map((model) => [model.id, model]));
  return [
    ...catalogue.prices
      .filter(({ model }) => !modelIds.has(model))
      .map(({ id, model }) => unknown(`price ${id}`, model)),
    ...[...routable].filter((model) => !priced.has(model)).map((model) => `model ${model} is routable without a price`),
    ...catalogue.prices.flatMap((price) => missingUnits(price, byId.get(price.model))),
  ];
}

function missingUnits(price: PriceVersion, model: Model | undefined): readonly string[] {
  if (model?.kind === 'image' && price.usdPerImage === undefined) return [`price ${price.id} has no usdPerImage`];
  if (model?.kind === 'video' && price.usdPerSecond === undefined) return [`price ${price.id} has no usdPerSecond`];
  if (model?.kind !== 'text') return [];
  return PRICED_CLASSES.filter((name) => price.usdPerMillion[name] === undefined).map(
    (name) => `price ${price.id} has no ${name}`,
  );
}

/** A hold without `max_tokens` is sized by the model's own limit, so there must be one. */
const limits = ({ models }: CatalogueDocument): readonly string[] =>
  models
    .filter(({ kind, maxOutputTokens }) => kind === 'text' && maxOutputTokens === 0)
    .map(({ id }) => `model ${id} has no maxOutputTokens`);

function textChannels({ models, channels }: CatalogueDocument, modelIds: ReadonlySet<string>): readonly string[] {
  const otherIds = new Set(models.filter(({ kind }) => kind !== 'text').map(({ id }) => id));
  return channels.flatMap((channel) => {
    const { id, vendor, protocol } = channel;
    const wires = findVendor(vendor)?.wires;
    return [
      ...strangers(channel, modelIds),
      ...(wires && !wires[protocol] ? [`channel ${id}: ${vendor} does not speak ${protocol}`] : []),
      ...channel.models
        .filter(({ model }) => otherIds.has(model))
        .map(({ model }) => `channel ${id}: ${model} makes no text`),
    ];
  });
}

function mediaChannels({ models, mediaChannels }: CatalogueDocument, modelIds: ReadonlySet<string>): readonly string[] {
  const kinds = new Map(models.map(({ id, kind }) => [id, kind]));
  return mediaChannels.flatMap((channel) => {
    const { id, vendor } = channel;
    const makes = findVendor(vendor)?.makes ?? [];
    return [
      ...strangers(channel, modelIds),
      ...channel.models.flatMap(({ model }) => {
        const kind = kinds.get(model);
        if (kind === 'text') return [`channel ${id}: ${model} makes neither pictures nor films`];
        const isAble = kind === undefined || !isVendorName(vendor) || makes.includes(kind);
        return isAble ? [] : [`channel ${id}: ${model} is of kind ${kind}, which ${vendor} does not make`];
      }),
    ];
  });
}

/** What either sort of channel may name that is nowhere. */
const strangers = ({ id, vendor, models }: MediaChannel, modelIds: ReadonlySet<string>): readonly string[] => [
  ...(isVendorName(vendor)
    ? []
    : [`channel ${id} names the unknown vendor ${vendor} (known: ${vendorNames.join(', ')})`]),
  ...models.filter(({ model }) => !modelIds.has(model)).map(({ model }) => unknown(`channel ${id}`, model)),
];

const unknown = (who: string, what: string): string => `${who} names ${what}, which is not in the catalogue`;
