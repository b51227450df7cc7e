import { assetEnv, assetLinkEnv } from '@bytespike/assets';
import { flagField, integerField, portField, urlField } from '@bytespike/config';
import { LIMITS } from '@bytespike/kernel';
import { foreignAddressEnv } from '@bytespike/safe-fetch';
import { z } from 'zod';

import { TIMINGS } from './http/timings.js';

/** What ingress reads from its environment. */
export const ingressEnv = z.object({
  INGRESS_HOST: z.string().default('127.0.0.1').describe('address the gateway listens on'),
  INGRESS_PORT: portField(8080).describe('port of the gateway; 0 takes a free one'),
  ...assetEnv.shape,
  ...assetLinkEnv.shape,
  ...foreignAddressEnv.shape,
  REDIS_URL: urlField('redis', 'rediss').describe('Redis in which the requests an account has in flight are counted'),
  DATABASE_URL: urlField('postgresql', 'postgres').describe('Postgres of the answers kept for repeats'),
  INGRESS_DATABASE_CONNECTIONS: integerField(4, { min: 1, max: 100 }).describe('connections for kept answers'),
  INGRESS_ANSWER_LEASE_MS: integerField(TIMINGS.answerLeaseMs, { min: 1_000, max: 600_000 }).describe(
    'how long a repeat waits for a process that does not say any more that it runs the first',
  ),
  INGRESS_SWEEP_EVERY_MS: integerField(60_000, { min: 1_000, max: 3_600_000 }).describe(
    'how often expired answers are removed',
  ),
  INGRESS_TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe('CIDRs of proxies whose X-Forwarded-For is believed, separated by commas'),
  INGRESS_TRUST_TRACEPARENT: flagField('off').describe('continue traces that clients send'),
  INGRESS_BODY_READ_MS: integerField(LIMITS.bodyReadTimeoutMs, { min: 100, max: 600_000 }).describe(
    'how long a client may take to send its body',
  ),
  INGRESS_DRAIN_GRACE_MS: integerField(500, { min: 0, max: 60_000 }).describe(
    'how long new requests are still served after readiness went off',
  ),
});
export type IngressEnv = z.output<typeof ingressEnv>;
