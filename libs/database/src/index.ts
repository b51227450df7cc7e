export { arrayLiteral, type ArrayElement } from './array-literal.js';
export { createPool, type Pool, type PoolSettings } from './create-pool.js';
export { createPrisma, type PrismaClient } from './create-prisma.js';
export { createQuery, type NamedStatement, type Query } from './create-query.js';
export { createGroupCommit, type GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { Prisma } from './generated/client.js';
export { inTransaction } from './in-transaction.js';
export { isUnreachable } from './is-unreachable.js';
export { SERVICE_ROLES, type ServiceRole } from './service-roles.js';
