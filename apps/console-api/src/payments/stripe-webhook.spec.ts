import { createStripeClient } from './stripe-provider.js';
import { checkoutOfEvent } from './stripe-webhook.js';

const SECRET = 'whsec_of_this_test';
const client = createStripeClient('sk_test_of_this_test', 'https://api.stripe.com');
const seconds = Math.floor(Date.now() / 1_000);

const payloadOf = (type: string, object: object): string =>
  JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } });
const heard = (payload: string, { secret = SECRET, timestamp = seconds, body = payload } = {}) =>
  checkoutOfEvent(client, SECRET, {
    body: Buffer.from(body),
    signature: client.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  });

const completed = payloadOf('checkout.session.completed', { metadata: { checkout_id: 'top_1' } });

describe('an event of Stripe', () => {
  it.each([
    { type: 'checkout.session.completed', object: { metadata: { checkout_id: 'top_1' } }, about: 'top_1' },
    { type: 'charge.refunded', object: { metadata: { checkout_id: 'top_1' } }, about: 'top_1' },
    { type: 'checkout.session.completed', object: { metadata: null }, about: undefined },
    { type: 'charge.refunded', object: {}, about: undefined },
    { type: 'customer.created', object: { metadata: { checkout_id: 'top_1' } }, about: undefined },
  ])('of type $type is about $about', ({ type, object, about }) => {
    expect(heard(payloadOf(type, object))).toBe(about);
  });

  it.each([
    { name: 'signed by somebody else', forged: { secret: 'whsec_of_somebody_else' } },
    { name: 'signed long ago', forged: { timestamp: seconds - 301 } },
    { name: 'changed after it was signed', forged: { body: completed.replace('top_1', 'top_2') } },
  ])('is refused when it was $name', ({ forged }) => {
    expect(() => heard(completed, forged)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
  });

  it('is refused without a signature, and when it is no event at all', () => {
    const body = Buffer.from(completed);
    expect(() => checkoutOfEvent(client, SECRET, { body, signature: undefined })).toThrow(/not signed/);
    expect(() => heard('no json')).toThrow(/not signed/);
  });
});
