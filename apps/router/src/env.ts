import { integerField, urlField } from '@bytespike/config';
import { z } from 'zod';

export const routerEnv = z.object({
  DATABASE_URL: urlField('postgres', 'postgresql').describe('Postgres'),
  ROUTER_DATABASE_CONNECTIONS: integerField(4, { min: 1, max: 100 }).describe('connections for key lookups'),
});
export type RouterEnv = z.output<typeof routerEnv>;
