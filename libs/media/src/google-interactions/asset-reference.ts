import type { JsonObject } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import { googleFilePath } from '../wire/google-file.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

export const assets: AssetFacts = { lifetimeMs: 48 * HOUR_MS, copyWithinMs: HOUR_MS };

/** Where the film of one content block is; absent when the block has none. */
export function assetReference({ uri, data, mime_type: told }: JsonObject): AssetReference | undefined {
  const mediaType = typeof told === 'string' && told.startsWith('video/') ? told : 'video/mp4';
  if (typeof uri === 'string' && uri !== '') {
    const path = googleFilePath(uri);
    return path === undefined ? { from: 'address', url: uri, mediaType } : { from: 'vendor', path, mediaType };
  }
  return typeof data === 'string' && data !== '' ? { from: 'inline', base64: data, mediaType } : undefined;
}
