import { GatewayError } from '@bytespike/kernel';
import type { RawBodyRequest } from '@nestjs/common';
import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Payments } from '../payments/payments.js';

/** Stripe's door. Anyone may knock, so nothing is believed that is not signed, and little of what is. */
@Controller('webhooks')
export class StripeWebhookController {
  constructor(private readonly payments: Payments) {}

  /** Answers 200 when all that follows is done, and anything else so that Stripe repeats it. */
  @Post('stripe')
  @HttpCode(200)
  async hear(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Headers('stripe-signature') signature: string | undefined,
  ) {
    const body = request.rawBody;
    if (!body) throw new GatewayError('invalid-request', 'The body is missing.');
    await this.payments.hearStripe({ body, signature });
    return { received: true };
  }
}
