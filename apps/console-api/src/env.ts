import { portField, urlField } from '@bytespike/config';
import { z } from 'zod';

export const consoleApiEnv = z.object({
  DATABASE_URL: urlField('postgres', 'postgresql').describe('Postgres'),
  KEY_PEPPER: z.string().min(16).describe('HMAC key under which API keys are digested'),
  CONSOLE_API_HOST: z.string().default('127.0.0.1').describe('address of the console API'),
  CONSOLE_API_PORT: portField(8081).describe('port of the console API'),
});
export type ConsoleApiEnv = z.output<typeof consoleApiEnv>;
