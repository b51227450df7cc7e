import { GatewayError, type NanoUsd } from '@bytespike/kernel';
import Stripe from 'stripe';

import type { Checkout } from './checkout.js';
import type { PaymentProvider, PaymentState, Refund } from './payment-provider.js';

/** The name under which a checkout's id travels on everything that Stripe makes of it. */
export const CHECKOUT_ID = 'checkout_id';

const NANO_PER_CENT = 10_000_000n;
/** Stripe takes 30 minutes to 24 hours; who pays later starts again. */
const OPEN_SECONDS_MAX = 2 * 3_600;
/** A payment that went back in more pieces than this is for people to look at. */
const REFUNDS_MAX = 100;

export interface StripeSettings {
  readonly client: Stripe;
  /** Where Stripe's page sends people when they have paid or given up. Nothing is believed of who comes there. */
  readonly returnUrl: string;
}

/** Stripe's client with limits of our own: somebody waits for each of these calls. */
export function createStripeClient(secretKey: string, apiBase: string): Stripe {
  const { protocol, hostname, port } = new URL(apiBase);
  return new Stripe(secretKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port !== '' && { port }),
    timeout: 8_000,
    maxNetworkRetries: 1,
    telemetry: false,
  });
}

/** Payments by card on Stripe's own page (Checkout); no card number comes near us. */
export function createStripeProvider({ client, returnUrl }: StripeSettings): PaymentProvider {
  const session = ({ id, reference }: Checkout) => {
    // Without a name Stripe would answer with a list of everybody's.
    if (reference === undefined) throw new GatewayError('internal', `checkout ${id} has no session`);
    return answering(client.checkout.sessions.retrieve(reference));
  };
  return {
    name: 'stripe',
    open: async (checkout) => {
      // Under the same key Stripe answers what it answered the first time, for a day.
      const created = await answering(
        client.checkout.sessions.create(sessionOf(checkout, returnUrl), { idempotencyKey: checkout.id }),
      );
      return { reference: created.id, url: created.url ?? undefined };
    },
    page: async (checkout) => {
      const { id, url } = await session(checkout);
      return { reference: id, url: url ?? undefined };
    },
    state: async (checkout) => stateOf(checkout, await session(checkout), client),
  };
}

const sessionOf = (checkout: Checkout, returnUrl: string): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  client_reference_id: checkout.id,
  metadata: { [CHECKOUT_ID]: checkout.id },
  // Charges take it over from the payment, so that news of a refund name their checkout.
  payment_intent_data: { metadata: { [CHECKOUT_ID]: checkout.id } },
  // Wallets of phones are cards too. Methods that pay days later would keep the page open for as long.
  allowed_payment_method_types: ['card'],
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'usd', unit_amount: centsOf(checkout.amount), product_data: { name: 'Account credit' } },
    },
  ],
  success_url: returnUrl,
  cancel_url: returnUrl,
  // From the checkout's own time, since a repeat under the same key must say the same.
  expires_at: Math.floor(checkout.createdAt / 1_000) + OPEN_SECONDS_MAX,
});

async function stateOf(checkout: Checkout, session: Stripe.Checkout.Session, client: Stripe): Promise<PaymentState> {
  if (session.client_reference_id !== checkout.id)
    throw new GatewayError('internal', `Stripe's session ${session.id} is not that of checkout ${checkout.id}`);
  if (session.status === 'expired') return { kind: 'expired' };
  const payment = typeof session.payment_intent === 'string' ? session.payment_intent : session.payment_intent?.id;
  if (session.payment_status !== 'paid' || payment === undefined) return { kind: 'open' };
  return {
    kind: 'paid',
    amount: nanoOf(session.amount_total ?? 0),
    currency: session.currency ?? '',
    receiptId: payment,
    refunds: await refundsOf(client, payment),
  };
}

/** A refund that will not happen any more. */
const GIVEN_UP: readonly unknown[] = ['failed', 'canceled'];

/**
 * What has gone back, or is on its way: Stripe tells of a refund once, when it is made, and not of its charge again when
 * the money has arrived. Until then nobody should spend it either.
 */
async function refundsOf(client: Stripe, payment: string): Promise<readonly Refund[]> {
  const { data, has_more: hasMore } = await answering(
    client.refunds.list({ payment_intent: payment, limit: REFUNDS_MAX }),
  );
  if (hasMore) throw new GatewayError('internal', `payment ${payment} has more than ${REFUNDS_MAX} refunds`);
  return data
    .filter(({ status }) => !GIVEN_UP.includes(status))
    .map(({ id, amount }) => ({ id, amount: nanoOf(amount) }));
}

/** Stripe counts in cents, as integers that a number holds exactly. */
const centsOf = (amount: NanoUsd): number => Number.parseInt((amount / NANO_PER_CENT).toString(), 10);
const nanoOf = (cents: number): NanoUsd => BigInt(cents) * NANO_PER_CENT;

/** What is Stripe's trouble passes; what Stripe refuses is a mistake of ours, in settings or in code. */
async function answering<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isTrouble =
      error instanceof Stripe.errors.StripeConnectionError ||
      error instanceof Stripe.errors.StripeAPIError ||
      error instanceof Stripe.errors.StripeRateLimitError;
    if (isTrouble) throw new GatewayError('unavailable', 'Stripe cannot answer', { cause: error });
    throw error;
  }
}
