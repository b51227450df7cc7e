import type { HandlersFor, wallet } from '@bytespike/contracts';

import { runIngress, type IngressUnderTest } from './testing/run-ingress.js';
import { API_KEY, MANAGEMENT_KEY } from './testing/samples.js';

type Threshold = Parameters<HandlersFor<typeof wallet>['setLowBalance']>[0];

const MANAGER = { authorization: `Bearer ${MANAGEMENT_KEY}` };
const KEY = { 'x-api-key': API_KEY };
const PATH = '/api/v1/me/billing/topups';
const THRESHOLD = '/api/v1/me/notifications/threshold';

let ingress: IngressUnderTest;
const thresholds: Threshold[] = [];

beforeAll(async () => {
  ingress = await runIngress({
    wallet: {
      setLowBalance: async (threshold) => {
        thresholds.push(threshold);
        return {};
      },
    },
  });
});
afterAll(() => ingress.stop());

const post = (body: string, headers: Record<string, string> = MANAGER) =>
  ingress.send({ method: 'POST', path: PATH, headers, body });
const put = (body: string) => ingress.send({ method: 'PUT', path: THRESHOLD, headers: MANAGER, body });

describe('topping up', () => {
  it('opens a payment and says where to pay it', async () => {
    const reply = await post('{"amount_usd":"100.00"}');
    expect(reply.status).toBe(201);
    expect(reply.json()).toEqual({
      id: 'top-1',
      method: 'card',
      status: 'open',
      amount_usd: '100.00',
      bonus_usd: '5.00',
      total_usd: '105.00',
      url: 'https://pay.example/top-1',
      instructions: null,
      created_at: '2023-11-14T22:13:20.000Z',
      completed_at: null,
    });
  });

  it('says what has become of one, to inference keys too', async () => {
    const reply = await ingress.send({ path: `${PATH}/top-1`, headers: KEY });
    expect(reply.json()).toMatchObject({ status: 'paid', url: null, completed_at: '2023-11-14T22:14:20.000Z' });
    expect((await ingress.send({ path: `${PATH}/top-2`, headers: KEY })).status).toBe(404);
  });

  it.each([
    { name: 'without a key', body: '{}', headers: {}, status: 401 },
    { name: 'with an inference key', body: '{"amount_usd":20}', headers: KEY, status: 403 },
    { name: 'of no amount', body: '{}', headers: MANAGER, status: 400 },
    { name: 'of less than nothing', body: '{"amount_usd":-5}', headers: MANAGER, status: 400 },
    { name: 'by means that nobody knows', body: '{"amount_usd":20,"method":"shells"}', headers: MANAGER, status: 400 },
    { name: 'with words that nobody asked for', body: '{"amount_usd":20,"bonus":1}', headers: MANAGER, status: 400 },
  ])('is refused $name', async ({ body, headers, status }) => {
    expect((await post(body, headers)).status).toBe(status);
  });
});

describe('the threshold of a low balance', () => {
  it('is set, and taken away with null', async () => {
    expect((await put('{"threshold_usd":"12.50"}')).json()).toEqual({ low_balance_threshold_usd: '12.50' });
    expect((await put('{"threshold_usd":null}')).json()).toEqual({ low_balance_threshold_usd: null });
    expect(thresholds).toEqual([{ accountId: 'account-1', threshold: 12_500_000_000n }, { accountId: 'account-1' }]);
    expect((await put('{}')).status).toBe(400);
  });
});
