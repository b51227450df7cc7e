import type { AssetFacts } from '../media-vendor.js';
import type { AssetReference } from '../wire/render-status.js';

export const assetReference = (id: string): AssetReference => ({
  from: 'vendor',
  path: `/v1/videos/${id}/content?variant=video`,
  mediaType: 'video/mp4',
});

export const assets: AssetFacts = { lifetimeMs: 3_600_000, copyWithinMs: 600_000 };
