import { integerField, portField, urlField } from '@bytespike/config';
import { z } from 'zod';

const Secret = z.string().min(8).optional();

/** What console-api reads from its environment. */
export const consoleApiEnv = z.object({
  DATABASE_URL: urlField('postgres', 'postgresql').describe('Postgres of accounts, keys, the catalogue and payments'),
  KEY_PEPPER: z.string().min(16).describe('HMAC key under which API keys are digested'),
  CONSOLE_API_HOST: z.string().default('127.0.0.1').describe('address of the console API'),
  CONSOLE_API_PORT: portField(8081).describe('port of the console API'),
  STRIPE_SECRET_KEY: Secret.describe('key of the Stripe account that takes payments by card; without it nobody does'),
  STRIPE_WEBHOOK_SECRET: Secret.describe(
    'by which Stripe signs what it sends to /webhooks/stripe; needed beside the key',
  ),
  STRIPE_API_BASE: urlField('https', 'http').default('https://api.stripe.com').describe("address of Stripe's API"),
  PAYMENTS_RETURN_URL: urlField('https', 'http')
    .default('http://127.0.0.1:8081/')
    .describe("where the payment provider's page sends people afterwards"),
  PAYMENTS_TRANSFER_TEXT: z
    .string()
    .max(1_000)
    .default('Ask your operator for the account to transfer to.')
    .describe('how to pay by bank transfer, for customers to read'),
  PAYMENTS_ASK_AFTER_MS: integerField(120_000, { min: 100, max: 86_400_000 }).describe(
    'age from which open checkouts are asked about, in case that their news were lost',
  ),
  PAYMENTS_ASK_EVERY_MS: integerField(60_000, { min: 100, max: 86_400_000 }).describe(
    'how often open checkouts are asked about',
  ),
});
export type ConsoleApiEnv = z.output<typeof consoleApiEnv>;
