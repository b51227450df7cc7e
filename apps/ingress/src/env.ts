import { flagField, portField, urlField } from '@bytespike/config';
import { LIMITS } from '@bytespike/kernel';
import { z } from 'zod';

/** What ingress reads from its environment. */
export const ingressEnv = z.object({
  INGRESS_HOST: z.string().default('127.0.0.1').describe('address the gateway listens on'),
  INGRESS_PORT: portField(8080).describe('port of the gateway; 0 takes a free one'),
  KEY_PEPPER: z.string().min(16).describe('HMAC-SHA-256 key under which API keys are looked up'),
  REDIS_URL: urlField('redis', 'rediss').describe('Redis in which the requests an account has in flight are counted'),
  INGRESS_TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe('CIDRs of proxies whose X-Forwarded-For is believed, separated by commas'),
  INGRESS_TRUST_TRACEPARENT: flagField('off').describe('continue traces that clients send'),
  INGRESS_BODY_READ_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(LIMITS.bodyReadTimeoutMs)
    .describe('how long a client may take to send its body'),
  INGRESS_DRAIN_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe('how long new requests are still served after readiness went off'),
});
