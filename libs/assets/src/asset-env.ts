import { urlField } from '@bytespike/config';
import { z } from 'zod';

/** Where pictures, films and uploads are kept: read by every service that touches them, with the same values. */
export const assetEnv = z.object({
  ASSETS_FOLDER: z
    .string()
    .min(1)
    .default('.bytespike/assets')
    .describe('folder of pictures, films and uploads; with a bucket, where bodies rest on their way to it'),
  ASSETS_S3_BUCKET: z.string().min(1).optional().describe('bucket of S3 or a look-alike, instead of the folder'),
  ASSETS_S3_REGION: z.string().min(1).default('us-east-1').describe('region of the bucket'),
  ASSETS_S3_ENDPOINT: urlField('http', 'https')
    .optional()
    .describe('address of a look-alike of S3; AWS itself without it'),
  ASSETS_S3_ACCESS_KEY_ID: z.string().min(1).optional().describe('account that reads and writes the bucket'),
  ASSETS_S3_SECRET_ACCESS_KEY: z.string().min(1).optional().describe('its secret'),
});
export type AssetEnv = z.output<typeof assetEnv>;

/** What links to assets are made of: by whoever shows them and whoever serves them. */
export const assetLinkEnv = z.object({
  PUBLIC_URL: urlField('http', 'https')
    .default('http://127.0.0.1:8080')
    .describe('address under which customers reach the gateway: links to assets begin with it'),
  KEY_PEPPER: z
    .string()
    .min(16)
    .describe(
      'key of the platform: links to assets are signed under it; in ingress also API keys looked up and kept answers sealed',
    ),
});
export type AssetLinkEnv = z.output<typeof assetLinkEnv>;
