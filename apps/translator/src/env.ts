import { integerField, urlField } from '@bytespike/config';
import { z } from 'zod';

/** What the translator reads from its environment. */
export const translatorEnv = z.object({
  KEY_PEPPER: z
    .string()
    .min(16)
    .describe(
      'HMAC secret of the platform; capsules are signed, and stored responses and remembered reasoning sealed, under keys derived from it',
    ),
  DATABASE_URL: urlField('postgresql', 'postgres').describe('Postgres of the stored responses'),
  REDIS_URL: urlField('redis', 'rediss').describe('Redis of the reasoning that clients do not hand back'),
  TRANSLATOR_DATABASE_CONNECTIONS: integerField(4, { min: 1, max: 100 }).describe('connections for stored responses'),
  TRANSLATOR_SWEEP_EVERY_MS: integerField(60_000, { min: 1_000, max: 3_600_000 }).describe(
    'how often expired responses are removed',
  ),
});
export type TranslatorEnv = z.output<typeof translatorEnv>;
