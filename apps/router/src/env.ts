import { integerField, urlField } from '@bytespike/config';
import { z } from 'zod';

/** What the router reads from its environment. */
export const routerEnv = z.object({
  DATABASE_URL: urlField('postgres', 'postgresql').describe('Postgres of the keys'),
  ROUTER_DATABASE_CONNECTIONS: integerField(4, { min: 1, max: 100 }).describe('connections for key lookups'),
});
export type RouterEnv = z.output<typeof routerEnv>;
