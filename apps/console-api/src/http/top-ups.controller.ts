import { StoredText } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import type { Checkout } from '../payments/checkout.js';
import { Payments } from '../payments/payments.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';
import { Usd } from './usd.js';

const ConfirmBody = z.strictObject({ receipt_id: StoredText.min(1).max(100), amount_usd: Usd });

const PAGE = 100;
const ListQuery = z.object({
  status: z.enum(['open', 'paid', 'expired', 'refunded', 'review']).default('review'),
  before: StoredText.max(100).optional(),
});

/** What operators see of top-ups, and what they say of transfers, which nobody else can know. */
@Controller('api/v1/admin/topups')
@UseGuards(OperatorGuard)
export class TopUpsController {
  constructor(private readonly payments: Payments) {}

  /** Top-ups of a state, newest first: above all those in `review`, where what was paid is not what was asked for. */
  @Get()
  async list(@Query(new BodyPipe(ListQuery)) { status, before }: z.output<typeof ListQuery>) {
    const page = await this.payments.checkouts.list(status, before, PAGE);
    return { data: page.map(viewCheckout), next_before: page.length === PAGE ? page.at(-1)?.id : null };
  }

  /** The money of a transfer is here: the wallet gets it, and its bonus. A repeat changes nothing. */
  @Post(':id/confirm')
  @HttpCode(200)
  async confirm(
    @Param('id') topUpId: string,
    @Body(new BodyPipe(ConfirmBody)) body: z.output<typeof ConfirmBody>,
    @Req() request: { operator: string },
  ) {
    const transfer = { topUpId, receiptId: body.receipt_id, amount: body.amount_usd };
    return viewCheckout(await this.payments.confirm(transfer, request.operator));
  }

  /** The money of a transfer has been sent back, as a whole. */
  @Post(':id/refund')
  @HttpCode(200)
  async refund(@Param('id') topUpId: string, @Req() request: { operator: string }) {
    return viewCheckout(await this.payments.refund(topUpId, request.operator));
  }
}

const viewCheckout = ({ id, accountId, provider, status, amount, bonus, reference, createdAt }: Checkout) => ({
  id,
  account_id: accountId,
  provider,
  status,
  amount_usd: formatUsd(amount),
  bonus_usd: formatUsd(bonus),
  /** The provider's name for it: a session of Stripe, or the receipt of a transfer. */
  reference: reference ?? null,
  created_at: new Date(createdAt).toISOString(),
});
