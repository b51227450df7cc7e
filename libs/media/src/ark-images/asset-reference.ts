import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

export const assets: AssetFacts = { lifetimeMs: 24 * HOUR_MS, copyWithinMs: HOUR_MS };

/** Where one picture is; absent for an item that failed. */
export function assetReference({ url, b64_json: base64, error }: JsonObject): AssetReference | undefined {
  if (isJsonObject(error)) return undefined;
  if (typeof url === 'string' && url !== '') return { from: 'address', url, mediaType: 'image/jpeg' };
  return typeof base64 === 'string' && base64 !== '' ? { from: 'inline', base64, mediaType: 'image/jpeg' } : undefined;
}
