import type { CatalogueDocument, PriceVersion } from '../schema.js';
import { ALIASES, RETIREMENTS } from './aliases.js';
import { seedChannels, seedMediaChannels } from './channels.js';
import type { BaseAddresses } from './channels.js';
import { GROUPS } from './groups.js';
import type { ModelSeed } from './model-seed.js';
import { MODEL_SEEDS } from './models.js';

/** The day the first price of every seeded model holds from. */
const SEED_DATE = '2026-01-01';

/** The catalogue of the public contract, with its vendor channels at the given addresses. */
export const seedCatalogue = (baseAddresses: BaseAddresses): CatalogueDocument => ({
  models: MODEL_SEEDS.map(({ model }) => model),
  aliases: ALIASES,
  retirements: RETIREMENTS,
  prices: MODEL_SEEDS.map(firstPrice),
  groups: GROUPS,
  channels: seedChannels(baseAddresses),
  mediaChannels: seedMediaChannels(baseAddresses),
});

const firstPrice = ({ model, price }: ModelSeed): PriceVersion => ({
  id: `${model.id}@1`,
  model: model.id,
  effectiveFrom: SEED_DATE,
  usdPerMillion: price.usdPerMillion ?? {},
  ...(price.usdPerImage === undefined ? {} : { usdPerImage: price.usdPerImage }),
  ...(price.usdPerSecond === undefined ? {} : { usdPerSecond: price.usdPerSecond }),
  status: price.status,
  estimatedClasses: [...(price.estimatedClasses ?? [])],
});
