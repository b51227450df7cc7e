import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

/** Pictures come inside the answer. */
export const assets: AssetFacts = { lifetimeMs: HOUR_MS, copyWithinMs: HOUR_MS };

/** The picture of one part; absent where it has none, and where it is a sketch the model thought with. */
export function assetReference({ inlineData, thought }: JsonObject): AssetReference | undefined {
  if (thought === true || !isJsonObject(inlineData)) return undefined;
  const { mimeType, data } = inlineData;
  if (typeof data !== 'string' || data === '') return undefined;
  return typeof mimeType === 'string' && mimeType.startsWith('image/')
    ? { from: 'inline', base64: data, mediaType: mimeType }
    : undefined;
}
