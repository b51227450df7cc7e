import type { PrismaClient } from '@bytespike/database';
import { Span } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { ACCOUNT_CAPS_MAX, type AccountCap } from './domain/account-cap.js';

/** identity.cap: what an organisation, a member or a model may cost an account. */
export class CapStore {
  constructor(private readonly prisma: PrismaClient) {}

  async list(accountId: string): Promise<AccountCap[]> {
    const rows = await this.prisma.identityCap.findMany({
      where: { accountId },
      orderBy: [{ subject: 'asc' }, { span: 'asc' }],
    });
    return rows.map(({ subject, span, amount }) => ({ subject, span: Span.parse(span), amount }));
  }

  /** Sets these caps, all or none, and leaves the others alone. Errors: `conflict` when the account would have too many. */
  async set(accountId: string, caps: readonly AccountCap[]): Promise<void> {
    const given = caps.filter(({ amount }) => amount > 0n);
    const removed = caps.filter(({ amount }) => amount === 0n);
    await this.prisma.$transaction(async (transaction) => {
      // Those who change the caps of one account at the same time do so one after the other.
      await transaction.$queryRaw`SELECT FROM identity.account WHERE id = ${accountId} FOR NO KEY UPDATE`;
      await transaction.$executeRaw`
        DELETE FROM identity.cap c USING UNNEST(${subjects(removed)}::text[], ${spans(removed)}::text[]) r (subject, span)
         WHERE c.account_id = ${accountId} AND c.subject = r.subject AND c.span = r.span`;
      await transaction.$executeRaw`
        INSERT INTO identity.cap (account_id, subject, span, amount)
        SELECT ${accountId}, * FROM UNNEST(${subjects(given)}::text[], ${spans(given)}::text[], ${amounts(given)}::bigint[])
        ON CONFLICT (account_id, subject, span) DO UPDATE SET amount = excluded.amount`;
      if ((await transaction.identityCap.count({ where: { accountId } })) > ACCOUNT_CAPS_MAX)
        throw new GatewayError('conflict', `An account has at most ${ACCOUNT_CAPS_MAX} caps.`);
    });
  }
}

const subjects = (caps: readonly AccountCap[]): string[] => caps.map(({ subject }) => subject);
const spans = (caps: readonly AccountCap[]): string[] => caps.map(({ span }) => span);
const amounts = (caps: readonly AccountCap[]): bigint[] => caps.map(({ amount }) => amount);
