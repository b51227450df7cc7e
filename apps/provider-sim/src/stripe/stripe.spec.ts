import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import Stripe from 'stripe';

import { createSimulator } from '../wire/simulator.js';
import { createStripe, type SimulatedStripe } from './create-stripe.js';

const SECRET = 'whsec_of_this_test';
const DOLLARS_20 = {
  mode: 'payment',
  client_reference_id: 'order-1',
  metadata: { order: '1' },
  payment_intent_data: { metadata: { order: '1' } },
  line_items: [
    { quantity: 1, price_data: { currency: 'usd', unit_amount: 2_000, product_data: { name: 'Account credit' } } },
  ],
  success_url: 'http://127.0.0.1/thanks',
} as const satisfies Stripe.Checkout.SessionCreateParams;

let server: Server;
let hook: Server;
let simulated: SimulatedStripe;
let address: string;
let stripe: Stripe;
/** What the webhook got, and how it answers. */
const heard: Stripe.Event[] = [];
const refused: string[] = [];
let answers: number[] = [];

const listening = (made: Server): Promise<string> =>
  new Promise((resolve) => {
    made.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(made.address() as AddressInfo).port}`));
  });
const steer = async (path: string, body: object): Promise<unknown> =>
  (await fetch(`${address}/_sim/stripe/${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
const pay = (session: Stripe.Checkout.Session) => fetch(session.url ?? '', { method: 'POST', redirect: 'manual' });
const hearing = async (count: number): Promise<readonly Stripe.Event[]> => {
  while (heard.length < count) await new Promise(setImmediate);
  return heard;
};

beforeAll(async () => {
  hook = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      try {
        const signature = String(request.headers['stripe-signature']);
        heard.push(stripe.webhooks.constructEvent(Buffer.concat(pieces), signature, SECRET));
        response.writeHead(answers.shift() ?? 200).end();
      } catch (error) {
        refused.push(error instanceof Error ? error.message : String(error));
        response.writeHead(400).end();
      }
    });
  });
  simulated = createStripe({ endpoint: { url: await listening(hook), secret: SECRET }, now: Date.now });
  const { wires, controls } = simulated;
  server = createSimulator({ wires, controls, record: 'none', now: Date.now });
  address = await listening(server);
  const { hostname: host, port } = new URL(address);
  stripe = new Stripe('sim-stripe-key', { host, port, protocol: 'http', maxNetworkRetries: 0 });
});
afterAll(async () => {
  simulated.close();
  for (const one of [server, hook]) {
    one.closeAllConnections();
    await new Promise((resolve) => one.close(resolve));
  }
});
beforeEach(() => {
  heard.length = 0;
  refused.length = 0;
  answers = [];
});

describe('the simulated Stripe, asked by the official package', () => {
  it('opens a session, lets somebody pay it, and tells of it', async () => {
    const session = await stripe.checkout.sessions.create(DOLLARS_20);
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 2_000, currency: 'usd' });
    expect(await (await fetch(session.url ?? '')).text()).toContain('20.00 USD');
    const paid = await pay(session);
    expect([paid.status, paid.headers.get('location')]).toEqual([303, DOLLARS_20.success_url]);
    const [event] = await hearing(1);
    expect(event).toMatchObject({
      type: 'checkout.session.completed',
      data: { object: { id: session.id, url: null } },
    });
    const read = await stripe.checkout.sessions.retrieve(session.id);
    expect(read).toMatchObject({ status: 'complete', payment_status: 'paid', client_reference_id: 'order-1' });
    expect((await pay(session)).status).toBe(404);
  });

  it('answers a repeat under one idempotency key alike, and refuses another request under it', async () => {
    const key = { idempotencyKey: 'once' };
    const first = await stripe.checkout.sessions.create(DOLLARS_20, key);
    expect((await stripe.checkout.sessions.create(DOLLARS_20, key)).id).toBe(first.id);
    const other = stripe.checkout.sessions.create({ ...DOLLARS_20, client_reference_id: 'order-2' }, key);
    await expect(other).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  });

  it('expires a session, which nobody can pay then', async () => {
    const session = await stripe.checkout.sessions.create(DOLLARS_20);
    await stripe.checkout.sessions.expire(session.id);
    expect(await hearing(1)).toMatchObject([{ type: 'checkout.session.expired' }]);
    expect((await pay(session)).status).toBe(404);
  });

  it('refunds in parts up to the whole, naming in its news what the payment was for', async () => {
    const session = await stripe.checkout.sessions.create(DOLLARS_20);
    await pay(session);
    const { payment_intent: payment } = await stripe.checkout.sessions.retrieve(session.id);
    const of = { payment_intent: String(payment) };
    await stripe.refunds.create({ ...of, amount: 500 });
    await stripe.refunds.create(of);
    expect((await stripe.refunds.list(of)).data.map(({ amount }) => amount)).toEqual([1_500, 500]);
    await expect(stripe.refunds.create(of)).rejects.toMatchObject({ code: 'charge_already_refunded' });
    const refunds = (await hearing(5)).filter(({ type }) => type === 'charge.refunded');
    expect(refunds.map(({ data }) => (data.object as Stripe.Charge).amount_refunded).sort()).toEqual([2_000, 500]);
    expect(refunds[0]).toMatchObject({ data: { object: { metadata: { order: '1' } } } });
  });

  it.each([
    {
      name: 'a key that is none',
      ask: () => stripe.checkout.sessions.create(DOLLARS_20, { apiKey: 'sk_live' }),
      status: 401,
    },
    { name: 'a session that is not there', ask: () => stripe.checkout.sessions.retrieve('cs_test_none'), status: 404 },
    {
      name: 'an amount below the least',
      ask: () =>
        stripe.checkout.sessions.create({
          ...DOLLARS_20,
          line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 1, product_data: { name: 'x' } } }],
        }),
      status: 400,
    },
    {
      name: 'a parameter it does not know',
      ask: () => stripe.checkout.sessions.create({ ...DOLLARS_20, locale: 'de' }),
      status: 400,
    },
    {
      name: 'a time that is too short',
      ask: () => stripe.checkout.sessions.create({ ...DOLLARS_20, expires_at: Math.floor(Date.now() / 1_000) + 60 }),
      status: 400,
    },
  ])('refuses $name as Stripe does', async ({ ask, status }) => {
    await expect(ask()).rejects.toMatchObject({ statusCode: status });
  });

  it('sends news again until they are taken, signed anew', async () => {
    answers = [500, 503];
    await pay(await stripe.checkout.sessions.create(DOLLARS_20));
    const events = await hearing(3);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  });

  it('sends news twice, late, lost or signed by somebody else when it is told to', async () => {
    const event = 'checkout.session.completed';
    await steer('deliveries', { fault: 'duplicate', event });
    await pay(await stripe.checkout.sessions.create(DOLLARS_20));
    expect(new Set((await hearing(2)).map(({ id }) => id)).size).toBe(1);
    for (const fault of ['wrong-signature', 'stale-signature']) {
      await steer('deliveries', { fault, event });
      const before = heard.length;
      await pay(await stripe.checkout.sessions.create(DOLLARS_20));
      await hearing(before + 1);
    }
    expect(refused).toHaveLength(2);
    await steer('deliveries', { fault: 'lose', event });
    const before = heard.length;
    await pay(await stripe.checkout.sessions.create(DOLLARS_20));
    await pay(await stripe.checkout.sessions.create({ ...DOLLARS_20, client_reference_id: 'after the lost one' }));
    await hearing(before + 1);
    expect(heard.at(-1)).toMatchObject({ data: { object: { client_reference_id: 'after the lost one' } } });
  });

  it('holds news back and lets them go in the other order', async () => {
    await steer('deliveries', { fault: 'hold', event: 'checkout.session.completed', times: 2 });
    const sessions = [
      await stripe.checkout.sessions.create(DOLLARS_20),
      await stripe.checkout.sessions.create(DOLLARS_20),
    ];
    for (const session of sessions) await pay(session);
    expect(await steer('release', { order: 'reversed' })).toEqual({ released: 2 });
    const ids = (await hearing(2)).map(({ data }) => (data.object as Stripe.Checkout.Session).id);
    expect(ids).toEqual(sessions.map(({ id }) => id).reverse());
  });

  it('has somebody pay what nobody asked for', async () => {
    const session = await stripe.checkout.sessions.create(DOLLARS_20);
    await steer('pay', { session: session.id, amount_total: 1, currency: 'eur' });
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ amount_total: 1, currency: 'eur' });
  });
});
