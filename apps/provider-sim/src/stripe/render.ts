import type { Charge, Happening, Refund, Session } from './books.js';
import { refundedOf } from './books.js';

/** The objects as Stripe's API prints them, as far as anybody reads them. */
export const renderSession = (session: Session): object => ({
  id: session.id,
  object: 'checkout.session',
  allowed_payment_method_types: ['card'],
  amount_subtotal: session.charge?.amount ?? session.amount,
  amount_total: session.charge?.amount ?? session.amount,
  cancel_url: session.cancelUrl ?? null,
  client_reference_id: session.clientReferenceId ?? null,
  created: session.createdAt,
  currency: session.charge?.currency ?? session.currency,
  customer: null,
  expires_at: session.expiresAt,
  livemode: false,
  metadata: session.metadata,
  mode: 'payment',
  payment_intent: session.charge?.paymentId ?? null,
  payment_method_types: ['card'],
  payment_status: session.charge ? 'paid' : 'unpaid',
  status: session.state,
  success_url: session.successUrl,
  url: session.state === 'open' ? session.pageUrl : null,
});

const renderCharge = (charge: Charge): object => ({
  id: charge.id,
  object: 'charge',
  amount: charge.amount,
  amount_captured: charge.amount,
  amount_refunded: refundedOf(charge),
  captured: true,
  created: charge.createdAt,
  currency: charge.currency,
  livemode: false,
  metadata: charge.metadata,
  paid: true,
  payment_intent: charge.paymentId,
  refunded: refundedOf(charge) === charge.amount,
  status: 'succeeded',
});

export const renderRefund = (refund: Refund, charge: Charge): object => ({
  id: refund.id,
  object: 'refund',
  amount: refund.amount,
  charge: charge.id,
  created: refund.createdAt,
  currency: charge.currency,
  metadata: {},
  payment_intent: charge.paymentId,
  reason: null,
  status: 'succeeded',
});

export const objectOf = (happening: Happening): object => {
  if ('session' in happening) return renderSession(happening.session);
  return happening.type === 'refund.created'
    ? renderRefund(happening.refund, happening.charge)
    : renderCharge(happening.charge);
};
