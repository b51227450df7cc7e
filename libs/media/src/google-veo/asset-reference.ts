import type { JsonObject } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import { googleFilePath } from '../wire/google-file.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

export const assets: AssetFacts = { lifetimeMs: 48 * HOUR_MS, copyWithinMs: HOUR_MS };

/** Where the film of one sample is; absent when the sample has none. */
export function assetReference({ uri, encodedVideo, encoding }: JsonObject): AssetReference | undefined {
  const mediaType = typeof encoding === 'string' && encoding.startsWith('video/') ? encoding : 'video/mp4';
  if (typeof encodedVideo === 'string' && encodedVideo !== '')
    return { from: 'inline', base64: encodedVideo, mediaType };
  if (typeof uri !== 'string' || uri === '') return undefined;
  const path = googleFilePath(uri);
  return path === undefined ? { from: 'address', url: uri, mediaType } : { from: 'vendor', path, mediaType };
}
