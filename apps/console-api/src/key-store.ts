import type { PrismaClient } from '@bytespike/database';
import { Prisma } from '@bytespike/database';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import type { KeyRow } from './domain/key-view.js';

const UNIQUE_VIOLATION = 'P2002';
const REVOKED = 'revoked';

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
        const kept = await transaction.identityApiKey.count({ where: { accountId, status: { not: REVOKED } } });
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

  /**
   * Applies a change and answers the row before and after it, so that caches of the old digest can be dropped. Errors:
   * `conflict` for a key that was revoked, be it a moment ago: nothing brings it back, and revoking it again changes nothing.
   */
  async update(
    accountId: string,
    id: string,
    change: KeyChange,
  ): Promise<{ before: KeyRow; after: KeyRow } | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      // Those who change one key at the same time do so one after the other, each knowing what the one before has made of it.
      await transaction.$queryRaw`SELECT FROM identity.api_key WHERE id = ${id} AND account_id = ${accountId} FOR UPDATE`;
      const before = await transaction.identityApiKey.findFirst({ where: { id, accountId } });
      if (!before) return undefined;
      if (before.status === REVOKED) {
        if (change.status !== REVOKED) throw new GatewayError('conflict', 'A revoked key cannot be changed.');
        return { before, after: before };
      }
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
