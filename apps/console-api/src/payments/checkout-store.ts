import type { PrismaClient } from '@bytespike/database';
import { Prisma } from '@bytespike/database';

import type { Checkout, CheckoutStatus, ProviderName } from './checkout.js';

const UNIQUE_VIOLATION = 'P2002';

type Row = NonNullable<Awaited<ReturnType<PrismaClient['paymentCheckout']['findUnique']>>>;

/** payment.checkout. The rows remember; money is moved by the ledger, under ids made of theirs. */
export class CheckoutStore {
  constructor(private readonly prisma: PrismaClient) {}

  async create(checkout: Pick<Checkout, 'id' | 'accountId' | 'provider' | 'amount' | 'bonus'>): Promise<Checkout> {
    return checkoutOf(await this.prisma.paymentCheckout.create({ data: checkout }));
  }

  async find(id: string): Promise<Checkout | undefined> {
    const row = await this.prisma.paymentCheckout.findUnique({ where: { id } });
    return row ? checkoutOf(row) : undefined;
  }

  /** Another account's checkout does not exist here. */
  async findOf(accountId: string, id: string): Promise<Checkout | undefined> {
    const row = await this.prisma.paymentCheckout.findFirst({ where: { id, accountId } });
    return row ? checkoutOf(row) : undefined;
  }

  async countOpen(accountId: string): Promise<number> {
    return this.prisma.paymentCheckout.count({ where: { accountId, status: 'open' } });
  }

  async setReference(id: string, reference: string): Promise<void> {
    await this.prisma.paymentCheckout.update({ where: { id }, data: { reference } });
  }

  /** Gives it the name by which its payment is known from now on; false when it has another, or another has this one. */
  async rename(id: string, { from, to }: { readonly from: string; readonly to: string }): Promise<boolean> {
    try {
      const where = { id, reference: from };
      return (await this.prisma.paymentCheckout.updateMany({ where, data: { reference: to } })).count === 1;
    } catch (error) {
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }

  /** Moves on from one of these states; whoever comes second changes nothing. */
  async conclude(id: string, from: readonly CheckoutStatus[], status: CheckoutStatus, now: number): Promise<void> {
    await this.prisma.paymentCheckout.updateMany({
      where: { id, status: { in: [...from] } },
      data: { status, completedAt: new Date(now) },
    });
  }

  /** Checkouts of a state, newest first, from before the one named. */
  async list(status: CheckoutStatus, before: string | undefined, limit: number): Promise<readonly Checkout[]> {
    const rows = await this.prisma.paymentCheckout.findMany({
      where: { status, ...(before !== undefined && { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(checkoutOf);
  }

  /** Checkouts that are still open and older than `before`, in the order of their ids, after the one named. */
  async openSince(before: number, after: string, limit: number): Promise<readonly Checkout[]> {
    const rows = await this.prisma.paymentCheckout.findMany({
      where: { status: 'open', createdAt: { lt: new Date(before) }, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(checkoutOf);
  }
}

const checkoutOf = ({ reference, completedAt, ...row }: Row): Checkout => ({
  ...row,
  provider: row.provider as ProviderName,
  status: row.status as CheckoutStatus,
  reference: reference ?? undefined,
  createdAt: row.createdAt.getTime(),
  completedAt: completedAt?.getTime(),
});
