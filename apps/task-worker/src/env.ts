import { assetEnv, assetLinkEnv } from '@bytespike/assets';
import { integerField, urlField } from '@bytespike/config';
import { foreignAddressEnv } from '@bytespike/safe-fetch';
import { z } from 'zod';

/** What the worker of tasks reads from its environment. */
export const taskWorkerEnv = z.object({
  DATABASE_URL: urlField('postgresql', 'postgres').describe('Postgres of tasks and their callbacks'),
  REDIS_URL: urlField('redis', 'rediss').describe('Redis of the queues that wake workers; may be lost at any time'),
  CREDENTIALS_KEY: z.string().min(1).describe('32 bytes of base64 under which secrets of callbacks are sealed'),
  TASK_WORKER_DATABASE_CONNECTIONS: integerField(8, { min: 1, max: 100 }).describe('connections for tasks'),
  TASK_WORKER_ASK_EVERY_MS_MAX: integerField(20_000, { min: 100, max: 600_000 }).describe(
    'longest time between two questions to a vendor about a render that is not late',
  ),
  ...assetEnv.shape,
  ...assetLinkEnv.shape,
  ...foreignAddressEnv.shape,
});
export type TaskWorkerEnv = z.output<typeof taskWorkerEnv>;
