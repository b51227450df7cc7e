export { createPool, type Pool, type PoolSettings } from './create-pool.js';
export { createPrisma } from './create-prisma.js';
export { Prisma, type PrismaClient } from './generated/client.js';
export { isUnreachable } from './is-unreachable.js';
