import type { Controls } from '../wire/desk.js';
import type { StripeBooks } from './books.js';
import type { Deliveries, DeliveryFault } from './deliveries.js';
import { DELIVERY_FAULTS } from './deliveries.js';

/** How a test steers the simulated Stripe. */
export const stripeControls = (books: StripeBooks, deliveries: Deliveries, now: () => number): Controls => ({
  'POST /_sim/stripe/webhook': (_desk, { body }) => {
    deliveries.listenAt({ url: String(body.url), secret: String(body.secret) });
    return { url: body.url };
  },
  'POST /_sim/stripe/deliveries': (_desk, { body }) => {
    const fault = DELIVERY_FAULTS.find((one) => one === body.fault);
    if (fault === undefined) throw new Error(`fault must be one of ${DELIVERY_FAULTS.join(', ')}`);
    return ordered(deliveries, fault, body);
  },
  'POST /_sim/stripe/release': (_desk, { body }) => ({
    released: deliveries.release(body.order === 'reversed' ? 'reversed' : 'as-made'),
  }),
  'POST /_sim/stripe/pay': (_desk, { body }) => {
    const session = books.find(String(body.session), now());
    if (session?.state !== 'open') throw new Error(`no session ${String(body.session)} is open`);
    books.pay(session, now(), {
      ...(typeof body.amount_total === 'number' && { amount: body.amount_total }),
      ...(typeof body.currency === 'string' && { currency: body.currency }),
    });
    return { payment_intent: session.charge?.paymentId };
  },
  'POST /_sim/stripe/resend': (_desk, { body }) => ({ resent: deliveries.resend(String(body.event)) }),
  'GET /_sim/stripe/events': () => ({
    events: deliveries.all().map(({ id, type, body, tries }) => ({ id, type, body, tries })),
  }),
  'DELETE /_sim/stripe/events': () => {
    deliveries.forget();
    return { events: [] };
  },
});

const ordered = (deliveries: Deliveries, fault: DeliveryFault, body: Readonly<Record<string, unknown>>) => {
  const event = typeof body.event === 'string' ? body.event : undefined;
  const times = typeof body.times === 'number' ? body.times : 1;
  deliveries.order(fault, { event, times });
  return { fault, event, times };
};
