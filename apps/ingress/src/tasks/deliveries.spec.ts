import type { Delivery } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY, MANAGEMENT_KEY } from '../testing/samples.js';

const KEY = { 'x-api-key': API_KEY };
const MANAGER = { authorization: `Bearer ${MANAGEMENT_KEY}` };
const DELIVERIES = '/v1/tasks/task_01K/deliveries';
const RESEND = `${DELIVERIES}/msg_01K/resend`;
const ROTATE = '/api/v1/me/callback-secret/rotate';

const delivery: Delivery = {
  deliveryId: 'msg_01K',
  taskId: 'task_01K',
  url: 'https://customer.example/told',
  event: 'task.completed',
  state: 'pending',
  attempts: [
    { at: 1_700_000_000_000, status: 500, durationMs: 120 },
    { at: 1_700_000_005_000, durationMs: 10_000 },
  ],
  nextAttemptAt: 1_700_000_035_000,
  createdAt: 1_700_000_000_000,
};

let ingress: IngressUnderTest;
const asked: unknown[] = [];

beforeAll(async () => {
  ingress = await runIngress({
    tasks: {
      listDeliveries: async (owner) => {
        asked.push(owner);
        if (owner.taskId !== 'task_01K') throw new GatewayError('task-not-found', 'There is no such task.');
        return { deliveries: [delivery] };
      },
      resendDelivery: async (input) => {
        asked.push(input);
        return { delivery: { ...delivery, attempts: [] } };
      },
      rotateSigningSecret: async (input) => {
        asked.push(input);
        return { secret: `whsec_${asked.length}`, previousUntil: 1_700_086_400_000 };
      },
    },
  });
});
afterAll(() => ingress.stop());
beforeEach(() => void asked.splice(0));

const post = (path: string, headers: Record<string, string>) =>
  ingress.send({ method: 'POST', path, headers, body: '' });

describe('the callbacks of a task', () => {
  it.each([DELIVERIES, '/tasks/task_01K/deliveries'])(
    'are listed at %s, every attempt with what it came to',
    async (path) => {
      const reply = await ingress.send({ path, headers: KEY });
      expect(reply.status).toBe(200);
      expect(reply.json()).toEqual({
        data: [
          {
            id: 'msg_01K',
            task_id: 'task_01K',
            event: 'task.completed',
            url: 'https://customer.example/told',
            status: 'pending',
            attempts: [
              { at: '2023-11-14T22:13:20.000Z', status: 500, duration_ms: 120 },
              { at: '2023-11-14T22:13:25.000Z', status: null, duration_ms: 10_000 },
            ],
            next_attempt_at: '2023-11-14T22:13:55.000Z',
            created_at: '2023-11-14T22:13:20.000Z',
          },
        ],
      });
      expect(asked).toEqual([{ accountId: 'account-1', keyId: 'key-1', taskId: 'task_01K' }]);
    },
  );

  it('are sent again, once for all requests that bring the same name', async () => {
    const named = { ...KEY, 'idempotency-key': 'resend-1' };
    const replies = [await post(RESEND, named), await post(RESEND, named), await post(RESEND, KEY)];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(replies[1]?.json()).toEqual(replies[0]?.json());
    const input = { accountId: 'account-1', keyId: 'key-1', taskId: 'task_01K', deliveryId: 'msg_01K' };
    expect(asked).toEqual([input, input]);
  });

  it.each([
    { name: 'another task', path: '/v1/tasks/task_02K/deliveries', headers: KEY, status: 404, code: 'task_not_found' },
    { name: 'nobody', path: DELIVERIES, headers: {}, status: 401, code: 'invalid_api_key' },
    { name: 'a management key', path: DELIVERIES, headers: MANAGER, status: 401, code: 'invalid_api_key' },
  ])('are not told to whoever asks as $name', async ({ path, headers, status, code }) => {
    const reply = await ingress.send({ path, headers });
    expect(reply.status).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code } });
  });
});

describe('the secret of callbacks', () => {
  it('is shown once, when it is made', async () => {
    const reply = await post(ROTATE, MANAGER);
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({ secret: 'whsec_1', previous_until: '2023-11-15T22:13:20.000Z' });
    expect(asked).toEqual([{ accountId: 'account-1' }]);
  });

  it('is rotated once for a named request, whose repeat is not told it', async () => {
    const named = { ...MANAGER, 'idempotency-key': 'rotate-1' };
    expect((await post(ROTATE, named)).status).toBe(200);
    const repeat = await post(ROTATE, named);
    expect(repeat.status).toBe(410);
    expect(repeat.body.toString('utf8')).not.toContain('whsec_');
    expect(asked).toHaveLength(1);
  });

  it('is a matter of the account, not of a key of it', async () => {
    expect((await post(ROTATE, KEY)).status).toBe(403);
    expect(asked).toEqual([]);
  });
});
