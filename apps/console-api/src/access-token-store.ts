import type { PrismaClient } from '@bytespike/database';

export interface AccessToken {
  readonly role: 'management' | 'operator';
  readonly accountId: string | undefined;
  readonly actor: string;
}

/** identity.access_token: management keys and operators' tokens, by digest. */
export class AccessTokenStore {
  constructor(private readonly prisma: PrismaClient) {}

  async findByDigest(digest: string): Promise<AccessToken | undefined> {
    const row = await this.prisma.identityAccessToken.findUnique({ where: { digest } });
    if (!row || row.revokedAt) return undefined;
    return {
      role: row.role === 'operator' ? 'operator' : 'management',
      accountId: row.accountId ?? undefined,
      actor: row.actor,
    };
  }

  async createManagementKey(token: { id: string; digest: string; hint: string; accountId: string; actor: string }) {
    await this.prisma.identityAccessToken.create({ data: { ...token, role: 'management' } });
  }
}
