import { modelNameKey } from './model-name-key.js';
import type { CatalogueDocument, Model, PriceVersion } from './schema.js';

/** What a name means: a model (by its own name or another), or one that no longer serves. */
export type ResolvedName =
  | { readonly kind: 'model'; readonly model: Model; readonly alias?: string }
  | { readonly kind: 'retired'; readonly slug: string; readonly successor: string };

/** A catalogue document with its lookups. Build it once per version; the document must be a validated one. */
export interface CatalogueIndex {
  readonly document: CatalogueDocument;
  readonly modelsById: ReadonlyMap<string, Model>;
  /** `modelNameKey` of every name to what it means. */
  readonly names: ReadonlyMap<string, ResolvedName>;
  /** Versions of each model, oldest first. */
  readonly pricesByModel: ReadonlyMap<string, readonly PriceVersion[]>;
}

/** Builds the lookups of a validated catalogue. */
export function indexCatalogue(document: CatalogueDocument): CatalogueIndex {
  const modelsById = new Map(document.models.map((model) => [model.id, model]));
  return {
    document,
    modelsById,
    names: indexNames(document, modelsById),
    pricesByModel: pricesByModel(document.prices),
  };
}

/** Longer than any name anybody serves; what is longer is not worth comparing. */
const NAME_LENGTH_MAX = 200;

/** The model a caller's name means; `alias` is set when the name is not the model's own. */
export function resolveModelName(index: CatalogueIndex, name: string): ResolvedName | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const found = index.names.get(modelNameKey(name));
  if (found?.kind !== 'model' || found.model.id === name) return found;
  return { ...found, alias: name };
}

/** The price version in force on a day (ISO date); of two from the same day, the one added last. */
export function priceOn(index: CatalogueIndex, modelId: string, isoDate: string): PriceVersion | undefined {
  return index.pricesByModel.get(modelId)?.findLast(({ effectiveFrom }) => effectiveFrom <= isoDate);
}

function indexNames(
  document: CatalogueDocument,
  modelsById: ReadonlyMap<string, Model>,
): ReadonlyMap<string, ResolvedName> {
  const names = new Map<string, ResolvedName>();
  for (const { slug, successor } of document.retirements) {
    names.set(modelNameKey(slug), { kind: 'retired', slug, successor });
  }
  for (const { alias, model: id } of document.aliases) {
    const model = modelsById.get(id);
    if (model) names.set(modelNameKey(alias), { kind: 'model', model });
  }
  for (const model of document.models) names.set(modelNameKey(model.id), { kind: 'model', model });
  return names;
}

function pricesByModel(prices: readonly PriceVersion[]): ReadonlyMap<string, readonly PriceVersion[]> {
  const byModel = new Map<string, PriceVersion[]>();
  for (const price of prices) byModel.set(price.model, [...(byModel.get(price.model) ?? []), price]);
  for (const versions of byModel.values()) {
    versions.sort((one, other) => one.effectiveFrom.localeCompare(other.effectiveFrom));
  }
  return byModel;
}
