import type { PrismaClient } from '@bytespike/database';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly tier: string;
  /** Null is the tier's own number, zero no limit. */
  readonly concurrency: number | null;
  readonly paused: boolean;
  readonly createdAt: Date;
}

/** identity.account and the grants of exclusive groups. */
export class AccountStore {
  constructor(private readonly prisma: PrismaClient) {}

  create(account: { id: string; name: string; kind: string; tier: string }): Promise<AccountRow> {
    return this.prisma.identityAccount.create({ data: account });
  }

  async exists(id: string): Promise<boolean> {
    return (await this.prisma.identityAccount.count({ where: { id } })) === 1;
  }

  async find(id: string): Promise<AccountRow | undefined> {
    return (await this.prisma.identityAccount.findUnique({ where: { id } })) ?? undefined;
  }

  async update(
    id: string,
    change: { paused?: boolean; tier?: string; concurrency?: number | null },
  ): Promise<AccountRow | undefined> {
    if (!(await this.exists(id))) return undefined;
    return this.prisma.identityAccount.update({ where: { id }, data: change });
  }

  async grantedGroups(accountId: string): Promise<ReadonlySet<number>> {
    const grants = await this.prisma.identityGroupGrant.findMany({ where: { accountId } });
    return new Set(grants.map(({ groupId }) => groupId));
  }
}
