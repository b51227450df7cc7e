import type { Bus } from '@bytespike/bus';
import { createLocalBus } from '@bytespike/bus/testing';
import { payments, wallet, type HandlersFor } from '@bytespike/contracts';
import { createPrisma, type PrismaClient } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';
import { digestKey } from '@bytespike/secrets';
import type { RunningService } from '@bytespike/service';
import { createLogger } from '@bytespike/telemetry';

import { consoleApi } from '../service.js';
import { createStripeClient } from './stripe-provider.js';

const PEPPER = 'a pepper that is long enough';
const OPERATOR = 'op-byts-the-operator-of-this-test';
const WEBHOOK_SECRET = 'whsec_of_this_test';
const USD = 1_000_000_000n;

type Payment = Parameters<HandlersFor<typeof wallet>['topUp']>[0];

const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, signal: new AbortController().signal };
const logger = createLogger({ service: 'test', level: 'silent' });

let database: TestDatabase;
let prisma: PrismaClient;

beforeAll(async () => {
  database = await withTestDatabase();
  prisma = createPrisma(database.url);
  const digest = digestKey(OPERATOR, PEPPER);
  await prisma.identityAccessToken.create({ data: { id: 'tok', digest, hint: 'op', role: 'operator', actor: 'olga' } });
});
afterAll(async () => {
  await prisma.$disconnect();
  await database.drop();
});

/** Console-api beside a ledger that takes everything and notes it down. */
async function platform(settings: Record<string, string> = {}) {
  const bus: Bus = createLocalBus();
  const moved: Payment[] = [];
  await bus.serve(wallet, {
    topUp: async (payment) => {
      moved.push(payment);
      return { available: payment.principal };
    },
    refund: async (payment) => {
      moved.push({ ...payment, principal: -payment.principal, bonus: -payment.bonus });
      return { available: 0n, taken: payment.principal, lost: 0n };
    },
    setLowBalance: async () => ({}),
  });
  const environment = { DATABASE_URL: database.url, KEY_PEPPER: PEPPER, CONSOLE_API_PORT: '0', ...settings };
  const running: RunningService = await consoleApi.start({ environment, bus, logger });
  const address = String(running.addresses['console-api']);
  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${address}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    moved,
    topUps: bus.client(payments),
    hear: (body: string, signature: string) => post('webhooks/stripe', body, { 'stripe-signature': signature }),
    list: async (query: string) => {
      const headers = { authorization: `Bearer ${OPERATOR}` };
      const response = await fetch(`${address}/api/v1/admin/topups?${query}`, { headers });
      return { status: response.status, body: (await response.json()) as { data: readonly { id: string }[] } };
    },
    operate: (path: string, body: object = {}) =>
      post(`api/v1/admin/topups/${path}`, JSON.stringify(body), { authorization: `Bearer ${OPERATOR}` }),
    stop: () => running.drain(1_000),
  };
}

describe('payments without a provider', () => {
  let running: Awaited<ReturnType<typeof platform>>;

  beforeAll(async () => {
    running = await platform({ PAYMENTS_TRANSFER_TEXT: 'Pay to account 1.' });
  });
  afterAll(() => running.stop());

  it('are transfers, which an operator confirms once', async () => {
    const { topUps, operate, moved } = running;
    const topUp = await topUps.startTopUp({ accountId: 'acc_1', amount: 500n * USD }, context);
    const open = { status: 'open', method: 'bank_transfer', bonus: 40n * USD };
    expect(topUp).toMatchObject({
      ...open,
      instructions: `Pay to account 1. Amount: 500.00 USD. Reference: ${topUp.id}.`,
    });
    const confirm = (body: object) => operate(`${topUp.id}/confirm`, body);
    expect(await operate(`${topUp.id}/refund`)).toMatchObject({ status: 409 });
    expect(await confirm({ receipt_id: 'bank-1', amount_usd: '499.99' })).toMatchObject({ status: 400 });
    expect(moved).toEqual([]);
    expect(await confirm({ receipt_id: 'bank-1', amount_usd: '500.00' })).toMatchObject({
      ...{ status: 200, body: { status: 'paid', reference: 'bank-1', account_id: 'acc_1', bonus_usd: '40.00' } },
    });
    expect(await confirm({ receipt_id: 'bank-2', amount_usd: '500.00' })).toMatchObject({ status: 409 });
    expect(await operate(`${topUp.id}/refund`)).toMatchObject({ status: 200, body: { status: 'refunded' } });
    expect(moved.map(({ transactionId, principal, bonus, actor }) => [transactionId, principal, bonus, actor])).toEqual(
      [
        [`topup:${topUp.id}`, 500n * USD, 40n * USD, 'olga'],
        [`topup:${topUp.id}`, 500n * USD, 40n * USD, 'olga'],
        [`refund:${topUp.id}:transfer`, -500n * USD, -40n * USD, 'olga'],
      ],
    );
    const other = await topUps.startTopUp({ accountId: 'acc_1', amount: 5n * USD }, context);
    expect(await operate(`${other.id}/confirm`, { receipt_id: 'bank-1', amount_usd: '5' })).toMatchObject({
      status: 409,
    });
  });

  it('show an account its own top-ups and no others', async () => {
    const { id: topUpId } = await running.topUps.startTopUp({ accountId: 'acc_2', amount: 5n * USD }, context);
    expect(await running.topUps.readTopUp({ accountId: 'acc_2', topUpId }, context)).toMatchObject({ status: 'open' });
    const strange = running.topUps.readTopUp({ accountId: 'acc_3', topUpId }, context);
    await expect(strange).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each([
    { name: 'too little', wish: { amount: 5n * USD - 1n }, kind: 'invalid-request' },
    { name: 'too much', wish: { amount: 1_251n * USD }, kind: 'invalid-request' },
    { name: 'less than a cent', wish: { amount: 5n * USD + 1n }, kind: 'invalid-request' },
    { name: 'a card', wish: { amount: 5n * USD, method: 'card' as const }, kind: 'unsupported' },
  ])('refuse $name', async ({ wish, kind }) => {
    await expect(running.topUps.startTopUp({ accountId: 'acc_4', ...wish }, context)).rejects.toMatchObject({ kind });
  });

  it('are listed for operators by what has become of them, newest first', async () => {
    const [review, older] = [{ id: 'top_b' }, { id: 'top_a' }];
    const asked = { accountId: 'acc_6', provider: 'manual', amount: 5n * USD, bonus: 0n, status: 'review' };
    for (const { id } of [older, review])
      await prisma.paymentCheckout.create({ data: { id, reference: id, ...asked } });
    expect((await running.list('')).body.data).toMatchObject([review, older]);
    expect((await running.list('status=review&before=top_b')).body.data).toMatchObject([older]);
    expect((await running.list('status=lost')).status).toBe(400);
  });

  it('refuse an account that opens many and pays none', async () => {
    const start = () => running.topUps.startTopUp({ accountId: 'acc_5', amount: 5n * USD }, context);
    for (let open = 0; open < 20; open += 1) await start();
    await expect(start()).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('know nothing of webhooks, nor of top-ups that are not there', async () => {
    expect(await running.hear('{}', 't=1,v1=1')).toMatchObject({ status: 404 });
    const confirmed = await running.operate('top_none/confirm', { receipt_id: 'r', amount_usd: '5' });
    expect(confirmed).toMatchObject({ status: 404 });
  });
});

describe("a provider's news", () => {
  const client = createStripeClient('sk_of_this_test', 'https://api.stripe.com');
  const eventOf = (checkout: string): string => {
    const object = { metadata: { checkout_id: checkout } };
    return JSON.stringify({ id: 'evt', object: 'event', type: 'checkout.session.completed', data: { object } });
  };
  const signed = (payload: string): string =>
    client.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
  let running: Awaited<ReturnType<typeof platform>>;

  beforeAll(async () => {
    // Nobody listens at port 1: Stripe is away.
    const stripe = { STRIPE_SECRET_KEY: 'sk_of_this_test', STRIPE_API_BASE: 'http://127.0.0.1:1' };
    running = await platform({ ...stripe, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET });
    const checkout = {
      id: 'top_known',
      accountId: 'acc_1',
      provider: 'stripe',
      reference: 'cs_1',
      amount: 5n * USD,
      bonus: 0n,
    };
    await prisma.paymentCheckout.create({ data: checkout });
  });
  afterAll(() => running.stop());

  it('are refused unless they are signed', async () => {
    const payload = eventOf('top_known');
    expect(await running.hear(payload, 't=1,v1=forged')).toMatchObject({ status: 400 });
    expect(await running.hear(`${payload} `, signed(payload))).toMatchObject({ status: 400 });
  });

  it('are taken when they are about somebody else', async () => {
    const payload = eventOf('top_of_another_platform');
    expect(await running.hear(payload, signed(payload))).toEqual({ status: 200, body: { received: true } });
  });

  it('are asked for again while the provider cannot say what became of the payment', async () => {
    const payload = eventOf('top_known');
    expect(await running.hear(payload, signed(payload))).toMatchObject({ status: 503 });
    expect(running.moved).toEqual([]);
  });
});

describe('payments by card', () => {
  it('do not begin with half of what they need', async () => {
    await expect(platform({ STRIPE_SECRET_KEY: 'sk_of_this_test' })).rejects.toThrow(/STRIPE_WEBHOOK_SECRET/);
  });
});
