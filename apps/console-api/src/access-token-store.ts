import type { PrismaClient } from '@bytespike/database';

export interface AccessToken {
  readonly role: 'management' | 'operator';
  readonly accountId: string | undefined;
  readonly actor: string;
  /** Its account has been paused. */
  readonly paused: boolean;
}

/** identity.access_token: management keys and operators' tokens, by digest. */
export class AccessTokenStore {
  constructor(private readonly prisma: PrismaClient) {}

  async findByDigest(digest: string): Promise<AccessToken | undefined> {
    const include = { account: { select: { paused: true } } };
    const row = await this.prisma.identityAccessToken.findUnique({ where: { digest }, include });
    if (!row || row.revokedAt) return undefined;
    return {
      role: row.role === 'operator' ? 'operator' : 'management',
      accountId: row.accountId ?? undefined,
      actor: row.actor,
      paused: row.account?.paused ?? false,
    };
  }

  async createManagementKey(token: { id: string; digest: string; hint: string; accountId: string; actor: string }) {
    await this.prisma.identityAccessToken.create({ data: { ...token, role: 'management' } });
  }
}
