import { urlField } from '@bytespike/config';
import { parseJson } from '@bytespike/kernel';
import { z } from 'zod';

const Secret = z.string().min(16);

/** What the development seed reads. A provider's production set-up uses the console instead. */
export const seedEnv = z.object({
  DATABASE_URL: urlField('postgres', 'postgresql').describe('Postgres'),
  KEY_PEPPER: z.string().min(16).describe('HMAC key under which API keys are digested'),
  CREDENTIALS_KEY: z.string().describe('base64 of the 32 bytes vendor credentials are sealed with'),
  INGRESS_PORT: z.coerce.number().int().describe('a port of our own, refused as a vendor address'),
  CONSOLE_API_PORT: z.coerce.number().int().describe('another'),
  SEED_SIMULATOR: urlField('http').describe('where provider-sim plays the vendors'),
  SEED_CHANNELS: z.string().optional().describe('a channel file of the operator'),
  SEED_KEYS: z
    .string()
    .transform((text) => parseJson(text))
    .pipe(
      z.object({
        default: Secret,
        'agent-global': Secret,
        extended: Secret,
        management: Secret,
        operator: Secret,
      }),
    )
    .describe('secrets of the demo keys, as JSON'),
});
export type SeedEnv = z.output<typeof seedEnv>;
