import type { JsonObject, JsonValue } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

/** Pictures come inside the answer; look-alikes that give addresses keep them for an hour. */
export const assets: AssetFacts = { lifetimeMs: HOUR_MS, copyWithinMs: HOUR_MS / 6 };

const FORMATS: Readonly<Record<string, string>> = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' };

/** Where one picture is; absent when the item has none. */
export function assetReference(
  { b64_json: base64, url }: JsonObject,
  format: JsonValue | undefined,
): AssetReference | undefined {
  const mediaType = (typeof format === 'string' ? FORMATS[format] : undefined) ?? 'image/png';
  if (typeof base64 === 'string' && base64 !== '') return { from: 'inline', base64, mediaType };
  return typeof url === 'string' && url !== '' ? { from: 'address', url, mediaType } : undefined;
}
