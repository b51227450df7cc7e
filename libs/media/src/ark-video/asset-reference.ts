import type { JsonObject } from '@bytespike/kernel';

import type { AssetFacts } from '../media-vendor.js';
import type { AssetReference } from '../wire/render-status.js';

const HOUR_MS = 3_600_000;

export const assets: AssetFacts = { lifetimeMs: 24 * HOUR_MS, copyWithinMs: HOUR_MS };

/** Where the film of a task is; absent when it has none. */
export const assetReference = ({ video_url: url }: JsonObject): AssetReference | undefined =>
  typeof url === 'string' && url !== '' ? { from: 'address', url, mediaType: 'video/mp4' } : undefined;
