import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Checkout } from './checkout.js';
import { createStripeClient, createStripeProvider } from './stripe-provider.js';

const CENT = 10_000_000n;
const checkout: Checkout = {
  ...{ id: 'top_1', accountId: 'acc', provider: 'stripe', reference: 'cs_1', status: 'paid' },
  ...{ amount: 2_000n * CENT, bonus: 0n, createdAt: 0, completedAt: undefined },
};
const session = {
  ...{ id: 'cs_1', object: 'checkout.session', client_reference_id: 'top_1', status: 'complete' },
  ...{ payment_status: 'paid', payment_intent: 'pi_1', amount_total: 2_000, currency: 'usd' },
};

let server: Server;
let refunds: readonly object[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const isList = request.url?.startsWith('/v1/refunds') ?? false;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isList ? { object: 'list', data: refunds, has_more: false } : session));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const provider = () => {
  const { port } = server.address() as AddressInfo;
  const client = createStripeClient('sk_test_of_this_test', `http://127.0.0.1:${port}`);
  return createStripeProvider({ client, returnUrl: 'https://example.com' });
};

describe('a payment by card', () => {
  it.each([
    { status: 'succeeded', takes: true },
    { status: 'pending', takes: true },
    { status: 'requires_action', takes: true },
    { status: 'failed', takes: false },
    { status: 'canceled', takes: false },
  ])('has gone back where a refund is $status: $takes', async ({ status, takes }) => {
    refunds = [{ id: 're_1', object: 'refund', amount: 500, status }];
    expect(await provider().state(checkout)).toMatchObject({
      kind: 'paid',
      amount: 2_000n * CENT,
      refunds: takes ? [{ id: 're_1', amount: 500n * CENT }] : [],
    });
  });
});
