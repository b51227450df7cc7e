import type { StoredAsset } from '../asset-store.js';
import { assetContentType, isShownInline } from '../content-type.js';

/**
 * The headers of an asset that a stranger may have painted: a browser shows pictures and films, saves the rest, runs
 * nothing, and keeps no copy of what is served under a link that expires.
 */
export function assetHeaders(asset: StoredAsset): Readonly<Record<string, string>> {
  const contentType = assetContentType(asset.contentType);
  const filename = asset.name.slice(asset.name.lastIndexOf('/') + 1);
  return {
    'content-type': contentType,
    'content-disposition': `${isShownInline(contentType) ? 'inline' : 'attachment'}; filename="${filename}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, no-store',
    // The link is the key to it: no page that shows the asset may pass it on.
    'referrer-policy': 'no-referrer',
    // Customers show assets in their own pages.
    'cross-origin-resource-policy': 'cross-origin',
    'accept-ranges': 'bytes',
    etag: `"${asset.sha256}"`,
  };
}
