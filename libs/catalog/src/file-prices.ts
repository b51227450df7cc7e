import type { ChannelFilePiecePrice, ChannelFilePrice } from './channel-file.js';
import type { PriceVersion } from './schema.js';
import { tokenPrices } from './seed/model-seed.js';

/** What a price version says, without when and of what. */
export type FilePrice = Pick<PriceVersion, 'usdPerMillion' | 'usdPerImage' | 'usdPerSecond'>;

/** Prices of a text model; a class the file leaves out costs what a new token does. */
export const filePrice = (price: ChannelFilePrice): FilePrice => ({
  usdPerMillion: tokenPrices({
    input: price.input,
    output: price.output,
    cacheRead: price.cache_read ?? price.input,
    ...(price.cache_write_5m === undefined ? {} : { cacheWrite5m: price.cache_write_5m }),
    ...(price.cache_write_1h === undefined ? {} : { cacheWrite1h: price.cache_write_1h }),
    ...(price.search_calls === undefined ? {} : { searchCalls: price.search_calls }),
  }),
});

/** The price of a picture, or of a second of film. */
export const filePiecePrice = (price: ChannelFilePiecePrice): FilePrice =>
  'per_image' in price
    ? { usdPerMillion: {}, usdPerImage: price.per_image }
    : { usdPerMillion: {}, usdPerSecond: price.per_second };

/**
 * Adds a price, unless it is the one in force. Its version is named by what it says: the file is merged into the same
 * seed at every start, and a number would come to mean another price when the file changes, which versions never do.
 */
export function withPrice(prices: PriceVersion[], model: string, price: FilePrice, isoDate: string): PriceVersion[] {
  const id = `${model}@${fingerprint(price)}`;
  if (prices.findLast((version) => version.model === model)?.id === id) return prices;
  const others = prices.filter((version) => version.id !== id);
  return [...others, { id, model, effectiveFrom: isoDate, ...price, status: 'listed', estimatedClasses: [] }];
}

/** FNV-1a, 32 bits: enough to tell the prices of one model apart, and no more is asked of it. */
function fingerprint({ usdPerMillion, ...perPiece }: FilePrice): string {
  let hash = 0x811c9dc5;
  for (const unit of JSON.stringify(Object.entries({ ...usdPerMillion, ...perPiece }))) {
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
