import { formatUsd } from '@bytespike/kernel';

import type { Wallets } from '../wallets.js';
import { PAYMENT_METHODS, type Checkout, type CheckoutStatus } from './checkout.js';
import type { CheckoutStore } from './checkout-store.js';
import { paymentSteps } from './domain/payment-steps.js';
import type { PaymentProviders, PaymentState } from './payment-provider.js';

/** Where an operator hears of payments that went wrong; a logger has this shape. */
export interface PaymentLogger {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SettlePorts {
  readonly checkouts: Pick<CheckoutStore, 'conclude'>;
  readonly wallets: Pick<Wallets, 'topUp' | 'refund'>;
  readonly now: () => number;
  readonly logger: PaymentLogger;
}

/** A checkout, what has become of its payment, and who says so: the provider itself, or an operator. */
export interface PaymentNews {
  readonly checkout: Checkout;
  readonly state: PaymentState;
  readonly actor: string;
}

const PROVIDER_ACTOR = 'payments';

/** States from which each may follow; from any other, the news is old. */
const BEFORE: Readonly<Record<Exclude<CheckoutStatus, 'open'>, readonly CheckoutStatus[]>> = {
  expired: ['open'],
  review: ['open'],
  paid: ['open', 'expired', 'review'],
  refunded: ['open', 'expired', 'review', 'paid'],
};

/**
 * Brings wallet and checkout to where the payment is. The wallet first: killed in between, the checkout is still open, and
 * whoever looks next does it all again, which the ledger takes for the repeat that it is.
 */
export async function settleCheckout(
  { checkout, state, actor }: PaymentNews,
  { checkouts, wallets, now, logger }: SettlePorts,
): Promise<void> {
  const steps = paymentSteps(checkout, state);
  const conclude = (status: Exclude<CheckoutStatus, 'open'>) =>
    checkouts.conclude(checkout.id, BEFORE[status], status, now());
  if (steps.kind === 'wait') return;
  if (steps.kind === 'expire') return conclude('expired');
  if (steps.kind === 'review') {
    logger.error(
      { checkout: checkout.id, why: steps.why },
      'a payment is not what was asked for: an operator must look',
    );
    return conclude('review');
  }
  const payment = {
    accountId: checkout.accountId,
    provider: checkout.provider,
    method: PAYMENT_METHODS[checkout.provider],
    actor,
  };
  await wallets.topUp({ ...payment, ...steps.topUp, reason: `top-up ${checkout.id}` });
  for (const refund of steps.refunds) {
    const lost = await wallets.refund({ ...payment, ...refund, reason: `refund of top-up ${checkout.id}` });
    if (lost > 0n)
      logger.warn({ refund: refund.transactionId, lostUsd: formatUsd(lost) }, 'a refund exceeds what the wallet had');
  }
  await conclude(steps.status);
}

/** Asks the provider what became of a checkout, and follows. Errors: `unavailable`, and then somebody asks again. */
export async function followCheckout(
  checkout: Checkout,
  ports: SettlePorts & { readonly providers: PaymentProviders },
): Promise<void> {
  // Whoever wanted it was told where to pay after it had its name, so this one was opened for nobody.
  if (checkout.reference === undefined)
    return settleCheckout({ checkout, state: { kind: 'expired' }, actor: PROVIDER_ACTOR }, ports);
  const provider = ports.providers[checkout.provider];
  // Payments were switched off with some still on their way; they are followed when it is back.
  if (provider) await settleCheckout({ checkout, state: await provider.state(checkout), actor: PROVIDER_ACTOR }, ports);
}
