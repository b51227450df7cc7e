import { GatewayError } from '@bytespike/kernel';
import { PrismaPg } from '@prisma/adapter-pg';

import { PrismaClient as GeneratedClient } from './generated/client.js';
import { isUnreachable } from './is-unreachable.js';
import type { ServiceRole } from './service-roles.js';

const CONNECTIONS_MAX = 5;
const CONNECT_TIMEOUT_MS = 3_000;
/** A database that hangs must not hang whoever asks: the server gives up on the statement, or else the client does. */
const STATEMENT_TIMEOUT_MS = 4_000;

/** The typed client for every table that is not on the hot path. */
export type PrismaClient = ReturnType<typeof createPrisma>;

/**
 * Connects when first used; `$disconnect()` ends it. A database that cannot answer is `unavailable` (503), which says
 * to come back; left as Prisma throws it, it would be told as a bug.
 * Without a role it works as whoever it logs in as, which is for seeds and tests.
 */
export function createPrisma(url: string, role?: ServiceRole) {
  const adapter = new PrismaPg({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    ...(role && { options: `-c role=${role}` }),
  });
  return new GeneratedClient({ adapter }).$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (error) {
          if (isUnreachable(error))
            throw new GatewayError('unavailable', 'the database cannot answer', { cause: error });
          throw error;
        }
      },
    },
  });
}
