import { EnvironmentError } from '@bytespike/config';
import type { PrismaClient } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';
import type Stripe from 'stripe';

import type { ConsoleApiEnv } from '../env.js';
import type { Wallets } from '../wallets.js';
import type { Checkout } from './checkout.js';
import { CheckoutStore } from './checkout-store.js';
import { confirmTransfer, refundTransfer, type Transfer } from './confirm-transfer.js';
import { createManualProvider } from './manual-provider.js';
import type { PaymentProviders } from './payment-provider.js';
import { sweepCheckouts } from './payment-sweeper.js';
import { followCheckout, type SettlePorts } from './settle-checkout.js';
import { createStripeClient, createStripeProvider } from './stripe-provider.js';
import { checkoutOfEvent } from './stripe-webhook.js';

export interface PaymentParts {
  readonly prisma: PrismaClient;
  readonly wallets: Wallets;
  readonly logger: Logger;
  readonly now: () => number;
}

/** All of payments, tied together once: who takes money, what is kept, and who follows what became of it. */
export class Payments {
  readonly checkouts: CheckoutStore;
  readonly providers: PaymentProviders;
  private readonly stripe: { readonly client: Stripe; readonly webhookSecret: string } | undefined;

  constructor(
    private readonly env: ConsoleApiEnv,
    private readonly parts: PaymentParts,
  ) {
    const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE, PAYMENTS_RETURN_URL: returnUrl } = env;
    this.checkouts = new CheckoutStore(parts.prisma);
    if ((STRIPE_SECRET_KEY === undefined) !== (STRIPE_WEBHOOK_SECRET === undefined))
      throw new EnvironmentError('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: both are needed, or neither');
    if (STRIPE_SECRET_KEY !== undefined && STRIPE_WEBHOOK_SECRET !== undefined)
      this.stripe = {
        client: createStripeClient(STRIPE_SECRET_KEY, STRIPE_API_BASE),
        webhookSecret: STRIPE_WEBHOOK_SECRET,
      };
    this.providers = {
      stripe: this.stripe && createStripeProvider({ client: this.stripe.client, returnUrl }),
      manual: createManualProvider(env.PAYMENTS_TRANSFER_TEXT, parts.now),
    };
  }

  /** News from Stripe. Resolves when everything that follows from them is done, so that Stripe repeats what was not. */
  async hearStripe(event: { readonly body: Buffer; readonly signature: string | undefined }): Promise<void> {
    if (!this.stripe) throw new GatewayError('not-found', 'Card payments are not set up here.');
    const id = checkoutOfEvent(this.stripe.client, this.stripe.webhookSecret, event);
    if (id === undefined) return;
    const checkout = await this.checkouts.find(id);
    // One Stripe account may serve several platforms, and each hears of all.
    if (checkout?.provider !== 'stripe') return this.parts.logger.warn({ checkout: id }, 'news of an unknown checkout');
    await followCheckout(checkout, this.ports);
  }

  /** An operator has seen the money of a transfer. */
  confirm(transfer: Transfer, actor: string): Promise<Checkout> {
    return confirmTransfer(transfer, actor, this.ports);
  }

  /** An operator has sent the money of a transfer back. */
  refund(topUpId: string, actor: string): Promise<Checkout> {
    return refundTransfer(topUpId, actor, this.ports);
  }

  /** Asks about what is still open after a while. */
  sweep(): Promise<void> {
    const { now, logger } = this.parts;
    const follow = (checkout: Checkout): Promise<void> => followCheckout(checkout, this.ports);
    return sweepCheckouts(this.env.PAYMENTS_ASK_AFTER_MS, { checkouts: this.checkouts, follow, now, logger });
  }

  private get ports(): SettlePorts & { readonly providers: PaymentProviders; readonly checkouts: CheckoutStore } {
    const { wallets, now, logger } = this.parts;
    return { checkouts: this.checkouts, providers: this.providers, wallets, now, logger };
  }
}
