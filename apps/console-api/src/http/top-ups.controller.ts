import { StoredText } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { z } from 'zod';

import type { Checkout } from '../payments/checkout.js';
import { Payments } from '../payments/payments.js';
import { BodyPipe } from './body.pipe.js';
import { OperatorGuard } from './operator.guard.js';
import { Usd } from './usd.js';

const ConfirmBody = z.object({ receipt_id: StoredText.min(1).max(100), amount_usd: Usd });

/** What operators say of transfers, which nobody else can know. */
@Controller('api/v1/admin/topups')
@UseGuards(OperatorGuard)
export class TopUpsController {
  constructor(private readonly payments: Payments) {}

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

const viewCheckout = ({ id, accountId, status, amount, bonus, reference }: Checkout) => ({
  id,
  account_id: accountId,
  status,
  amount_usd: formatUsd(amount),
  bonus_usd: formatUsd(bonus),
  receipt_id: reference ?? null,
});
