import { GatewayError } from '@bytespike/kernel';
import Stripe from 'stripe';

import { CHECKOUT_ID } from './stripe-provider.js';

/** Against replays: how old a signature may be. Stripe signs anew for every try. */
const TOLERANCE_SECONDS = 300;

/** News that may change what became of a checkout. */
const HEARD: ReadonlySet<string> = new Set([
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.expired',
  'charge.refunded',
]);

/**
 * Which checkout an event is about; undefined when it is not about one of ours. Of all that the event says only this is
 * used: what has become of the payment is asked of Stripe, so that it does not matter which event came, when, or how often.
 * Errors: `invalid-request` for a signature that does not fit the bytes, or no longer.
 */
export function checkoutOfEvent(
  client: Stripe,
  secret: string,
  { body, signature }: { readonly body: Buffer; readonly signature: string | undefined },
): string | undefined {
  const { type, data } = verified(client, secret, body, signature);
  if (!HEARD.has(type)) return undefined;
  const { metadata } = data.object as { readonly metadata?: Stripe.Metadata | null };
  return metadata?.[CHECKOUT_ID];
}

function verified(client: Stripe, secret: string, body: Buffer, signature: string | undefined): Stripe.Event {
  try {
    return client.webhooks.constructEvent(body, signature ?? '', secret, TOLERANCE_SECONDS);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError)
      throw new GatewayError('invalid-request', 'This is not signed by the payment provider.', { cause: error });
    throw error;
  }
}
