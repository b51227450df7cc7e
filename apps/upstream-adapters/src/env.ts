import { assetEnv } from '@bytespike/assets';
import { LIMITS } from '@bytespike/kernel';
import { foreignAddressEnv } from '@bytespike/safe-fetch';
import { z } from 'zod';

const milliseconds = (value: number) => z.coerce.number().int().min(1).max(3_600_000).default(value);

export const upstreamAdaptersEnv = z.object({
  CREDENTIALS_KEY: z.string().min(1).describe('32 bytes of base64 under which vendor credentials are sealed'),
  UPSTREAM_CONNECT_TIMEOUT_MS: milliseconds(LIMITS.connectTimeoutMs).describe('TCP and TLS to a vendor'),
  UPSTREAM_FIRST_CONTENT_TIMEOUT_MS: milliseconds(LIMITS.firstContentTimeoutMs).describe(
    'from a request sent to the first content of its answer',
  ),
  UPSTREAM_STALL_TIMEOUT_MS: milliseconds(LIMITS.stallTimeoutMs).describe('longest silence within an answer'),
  UPSTREAM_CONNECTIONS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(1_024)
    .describe('sockets per vendor origin'),
  UPSTREAM_PICTURE_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(LIMITS.picturesUnderWayBytesMax)
    .describe('pictures inside answers of vendors, all that one process draws at once, as large as they may become'),
  ...assetEnv.shape,
  ...foreignAddressEnv.shape,
});
