import type { PrismaClient } from '@bytespike/database';
import { Prisma } from '@bytespike/database';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { KeyRow } from './domain/key-view.js';

const UNIQUE_VIOLATION = 'P2002';

type NewKey = Pick<KeyRow, 'id' | 'accountId' | 'name' | 'digest' | 'hint' | 'groupId'> & Partial<KeyRow>;
type KeyChange = Partial<Omit<KeyRow, 'id' | 'accountId' | 'createdAt'>>;

/** identity.api_key. The owner is in every query: another account's key does not exist here. */
export class KeyStore {
  constructor(private readonly prisma: PrismaClient) {}

  /** Errors: `conflict` for a secret that is in use, and for an account that has all the keys it may have. */
  async create(key: NewKey): Promise<KeyRow> {
    try {
      return await this.prisma.$transaction(async (transaction) => {
        // Those who add a key to one account at the same time count one after the other.
        await transaction.$queryRaw`SELECT FROM identity.account WHERE id = ${key.accountId} FOR NO KEY UPDATE`;
        const { accountId } = key;
        const kept = await transaction.identityApiKey.count({ where: { accountId, status: { not: 'revoked' } } });
        if (kept >= LIMITS.accountKeysMax) throw tooManyKeys();
        return transaction.identityApiKey.create({ data: key });
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'This custom key is already in use.');
      throw error;
    }
  }

  find(accountId: string, id: string): Promise<KeyRow | null> {
    return this.prisma.identityApiKey.findFirst({ where: { id, accountId } });
  }

  /** Newest first; `after` is the id of the last row of the page before. */
  async list(accountId: string, limit: number, after: string | undefined): Promise<KeyRow[]> {
    return this.prisma.identityApiKey.findMany({
      where: { accountId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
      ...(after !== undefined && { cursor: { id: after }, skip: 1 }),
    });
  }

  /** Applies a change and answers the row before and after it, so that caches of the old digest can be dropped. */
  async update(
    accountId: string,
    id: string,
    change: KeyChange,
  ): Promise<{ before: KeyRow; after: KeyRow } | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      const before = await transaction.identityApiKey.findFirst({ where: { id, accountId } });
      if (!before) return undefined;
      return { before, after: await transaction.identityApiKey.update({ where: { id }, data: change }) };
    });
  }

  async digestsOf(accountId: string): Promise<string[]> {
    const rows = await this.prisma.identityApiKey.findMany({ where: { accountId }, select: { digest: true } });
    return rows.map(({ digest }) => digest);
  }
}

const tooManyKeys = (): GatewayError =>
  new GatewayError('conflict', `An account has at most ${LIMITS.accountKeysMax} keys: revoke one that is not used.`);

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION;
