import { assetEnv } from '@bytespike/assets';
import { integerField } from '@bytespike/config';
import { LIMITS } from '@bytespike/kernel';
import { foreignAddressEnv } from '@bytespike/safe-fetch';
import { z } from 'zod';

const milliseconds = (value: number) => integerField(value, { min: 1, max: 3_600_000 });

/** What upstream-adapters reads from its environment. */
export const upstreamAdaptersEnv = z.object({
  CREDENTIALS_KEY: z.string().min(1).describe('32 bytes of base64 under which vendor credentials are sealed'),
  UPSTREAM_CONNECT_TIMEOUT_MS: milliseconds(LIMITS.connectTimeoutMs).describe('TCP and TLS to a vendor'),
  UPSTREAM_FIRST_CONTENT_TIMEOUT_MS: milliseconds(LIMITS.firstContentTimeoutMs).describe(
    'from a request sent to the first content of its answer',
  ),
  UPSTREAM_STALL_TIMEOUT_MS: milliseconds(LIMITS.stallTimeoutMs).describe('longest silence within an answer'),
  UPSTREAM_CONNECTIONS_MAX: integerField(1_024, { min: 1, max: 10_000 }).describe('sockets per vendor origin'),
  UPSTREAM_PICTURE_BYTES_MAX: integerField(LIMITS.picturesUnderWayBytesMax, { min: 1 }).describe(
    'pictures inside answers of vendors, all that one process draws at once, as large as they may become',
  ),
  ...assetEnv.shape,
  ...foreignAddressEnv.shape,
});
