import { join } from 'node:path';

import { EnvironmentError } from '@bytespike/config';

import type { AssetEnv } from './asset-env.js';
import type { AssetStore } from './asset-store.js';
import { INCOMING } from './incoming-folder.js';
import { LocalAssetStore } from './local/local-asset-store.js';
import { S3AssetStore } from './s3/s3-asset-store.js';

/** The store that the environment names: a bucket, or else a folder. */
export async function openAssetStore(env: AssetEnv): Promise<AssetStore> {
  const now = (): Date => new Date();
  const { ASSETS_FOLDER: folder, ASSETS_S3_BUCKET: bucket } = env;
  if (bucket === undefined) return LocalAssetStore.create({ folder, now });
  const { ASSETS_S3_ACCESS_KEY_ID: accessKeyId, ASSETS_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new EnvironmentError(
      'ASSETS_S3_BUCKET needs ASSETS_S3_ACCESS_KEY_ID and ASSETS_S3_SECRET_ACCESS_KEY beside it',
    );
  const account = { endpoint: env.ASSETS_S3_ENDPOINT, region: env.ASSETS_S3_REGION, accessKeyId, secretAccessKey };
  return S3AssetStore.create({ account, bucket, spoolFolder: join(folder, INCOMING), now });
}
