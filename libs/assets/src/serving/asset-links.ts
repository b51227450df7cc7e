import { deriveKey } from '@bytespike/secrets';

import type { AssetLinkEnv } from '../asset-env.js';
import { ASSET_URL_HOURS, signAssetUrl, type AssetUrls } from './signed-url.js';

/** Where ingress serves assets, below the public address. */
export const ASSETS_PATH = '/v1/assets/';

/** How links to assets are made and read, the same in every service of a platform. */
export const assetUrls = ({ PUBLIC_URL, KEY_PEPPER }: AssetLinkEnv): AssetUrls => ({
  base: new URL(ASSETS_PATH.slice(1), PUBLIC_URL.endsWith('/') ? PUBLIC_URL : `${PUBLIC_URL}/`),
  key: deriveKey(KEY_PEPPER, 'asset-urls'),
});

/** A link that leads to an asset for the next 24 hours. */
export const linkToAsset = (urls: AssetUrls, name: string, now: Date): string =>
  signAssetUrl(urls, { name, expiresAt: new Date(now.getTime() + ASSET_URL_HOURS * 3_600_000) });
