import { simulator } from './platform.js';

/** An event of the simulated Stripe, with every try to deliver it. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly tries: readonly { readonly answer: number | string }[];
}

const steer = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
  const response = await fetch(`${simulator}/_sim/stripe/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
};

/** What goes wrong with the next event of a type. */
export const orderDelivery = (
  fault: 'hold' | 'duplicate' | 'lose' | 'delay' | 'wrong-signature' | 'stale-signature',
  event: string,
) => steer('POST', 'deliveries', { fault, event });

/** Lets go of held events, the latest first; answers how many there were. */
export const releaseDeliveries = async (order: 'as-made' | 'reversed'): Promise<number> =>
  (await steer<{ released: number }>('POST', 'release', { order })).released;

export const resendEvent = (event: string) => steer('POST', 'resend', { event });

export const stripeEvents = async (): Promise<readonly StripeEvent[]> =>
  (await steer<{ events: StripeEvent[] }>('GET', 'events')).events;

/** Somebody pays a session, perhaps something else than was asked. */
export const payOtherwise = (session: string, other: { amount_total?: number; currency?: string }) =>
  steer<{ payment_intent: string }>('POST', 'pay', { session, ...other });

/** An operator refunds in Stripe's dashboard: a part in cents, or all that is left. */
export async function refundPayment(payment: string, cents?: number): Promise<void> {
  const response = await fetch(`${simulator}/v1/refunds`, {
    method: 'POST',
    headers: { authorization: 'Bearer sim-stripe-key' },
    body: new URLSearchParams({ payment_intent: payment, ...(cents !== undefined && { amount: String(cents) }) }),
  });
  if (!response.ok) throw new Error(`no refund: ${response.status} ${await response.text()}`);
}
