import { PrismaPg } from '@prisma/adapter-pg';

import { PrismaClient } from './generated/client.js';

const CONNECTIONS_MAX = 5;
const CONNECT_TIMEOUT_MS = 3_000;

/** The typed client for every table that is not on the hot path. Connects when first used; `$disconnect()` ends it. */
export function createPrisma(url: string): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  return new PrismaClient({ adapter });
}
