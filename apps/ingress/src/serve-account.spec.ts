import { GatewayError } from '@bytespike/kernel';

import { runIngress, type IngressUnderTest } from './testing/run-ingress.js';
import { API_KEY, MANAGEMENT_KEY } from './testing/samples.js';

type UsageQuery = Readonly<Record<string, unknown>>;

let ingress: IngressUnderTest;
let asked: UsageQuery | undefined;

beforeAll(async () => {
  ingress = await runIngress({
    billing: {
      listUsage: async (query) => {
        asked = query;
        return {
          rows: [
            {
              requestId: 'request-1',
              createdAt: 1_700_000_000_000,
              model: 'model-one',
              protocol: 'openai-chat',
              keyId: 'key-1',
              keyHint: 'sk-byts-...abcd',
              tokens: { input: 1, cacheRead: 2, cacheWrite: 3, output: 4, reasoning: 5 },
              cost: 1_234_567n,
              ending: 'complete',
            },
            {
              ...{ requestId: 'task_1', createdAt: 1_699_999_000_000, model: 'film', protocol: 'tasks' },
              ...{ keyId: 'key-1', keyHint: 'sk-byts-...abcd', seconds: 8, cost: 3_200_000_000n, ending: 'complete' },
              tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
            },
          ],
          nextCursor: 'more',
        };
      },
    },
  });
});
afterAll(() => ingress.stop());

const KEY = { 'x-api-key': API_KEY };
const MANAGER = { authorization: `Bearer ${MANAGEMENT_KEY}` };

describe('the account surface', () => {
  it.each([KEY, MANAGER])('tells the balance', async (headers) => {
    const reply = await ingress.send({ path: '/v1/balance', headers });
    expect(reply.json()).toEqual({ available_usd: '42.18', held_usd: '0.12', currency: 'USD' });
  });

  it.each(['/v1/usage', '/api/v1/usage'])('lists usage at %s', async (path) => {
    const query = 'api_key_id=key-1&model=model-one&since=1700000000&until=2023-11-15T00:00:00Z&limit=7&cursor=c';
    const reply = await ingress.send({ path: `${path}?${query}`, headers: KEY });
    expect(asked).toEqual({
      accountId: 'account-1',
      keyId: 'key-1',
      model: 'model-one',
      since: 1_700_000_000_000,
      until: 1_700_006_400_000,
      limit: 7,
      cursor: 'c',
    });
    expect(reply.json()).toEqual({
      data: [
        {
          request_id: 'request-1',
          created_at: '2023-11-14T22:13:20.000Z',
          model: 'model-one',
          protocol: 'openai-chat',
          api_key: 'sk-byts-...abcd',
          tokens: { input: 1, cache_read: 2, cache_write: 3, output: 4, reasoning: 5 },
          credits_usd: '0.001234567',
          outcome: 'complete',
        },
        {
          ...{ request_id: 'task_1', created_at: '2023-11-14T21:56:40.000Z', model: 'film', protocol: 'tasks' },
          tokens: { input: 0, cache_read: 0, cache_write: 0, output: 0, reasoning: 0 },
          ...{ api_key: 'sk-byts-...abcd', seconds: 8, credits_usd: '3.20', outcome: 'complete' },
        },
      ],
      next_cursor: 'more',
    });
  });

  it('lists usage of a model by any of its names', async () => {
    await ingress.send({ path: '/v1/usage?model=model-alias', headers: MANAGER });
    expect(asked).toMatchObject({ model: 'claude-test-4-5' });
  });

  it('lists usage also where the credential stands in the address', async () => {
    expect((await ingress.send({ path: `/v1/usage?key=${API_KEY}&limit=7` })).status).toBe(200);
  });

  it('lists usage of a key by the name that the sums have for it', async () => {
    await ingress.send({ path: '/v1/usage?api_key=sk-byts-...cdef', headers: MANAGER });
    expect(asked).toMatchObject({ keyId: 'sk-byts-...cdef' });
  });

  it.each([
    ...['limit=0', 'limit=201', 'limit=1e1', 'since=yesterday', 'until=-271821-04-20T00:00:00Z'],
    ...['apikey=key-1', 'group_by=day', 'api_key=key-1&api_key_id=key-2', 'model=one&model=two'],
  ])('refuses usage with %s', async (query) => {
    const reply = await ingress.send({ path: `/api/v1/usage?${query}`, headers: KEY });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('names a moment that cannot be read, and what became of the plus of its offset', async () => {
    const refused = async (moment: string) =>
      (await ingress.send({ path: `/v1/usage?until=${moment}`, headers: KEY })).json();
    const error = { param: 'until', message: 'until: must be a date or epoch seconds' };
    expect(await refused('tomorrow')).toMatchObject({ error });
    expect(await refused('2026-11-20T17:00:00+05:45')).toMatchObject({
      error: { ...error, message: `${error.message}, and the + of an offset written as %2B` },
    });
  });

  it.each([
    '/api/v1/keys/%00',
    '/api/v1/keys?cursor=a%00',
    '/api/v1/usage?api_key_id=%00',
    '/api/v1/usage?model=%00',
    '/v1/receipts/%00',
    '/api/v1/me/usage?api_key=%00',
    '/api/v1/me/usage?tz=%00',
  ])('refuses %s, which no store could look up', async (path) => {
    const reply = await ingress.send({ path, headers: MANAGER });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('lists the groups a key may be bound to', async () => {
    const reply = await ingress.send({ path: '/api/v1/groups/available', headers: MANAGER });
    expect(reply.json()).toEqual({ data: [{ id: 1, name: 'default', description: 'all', exclusive: false }] });
  });

  it('tells a bad key in its own envelope', async () => {
    const reply = await ingress.send({ path: '/api/v1/keys', headers: { 'x-api-key': 'sk-mgmt-byts-not-this-one' } });
    expect(reply.status).toBe(401);
    expect(reply.json()).toEqual({
      error: {
        type: 'authentication_error',
        message: expect.any(String),
        request_id: reply.headers['request-id'],
      },
    });
  });
});

describe('keys', () => {
  const ask = (method: string, path: string, body?: object, headers: Record<string, string> = MANAGER) =>
    ingress.send({ method, path: `/api/v1/keys${path}`, headers, body: body && JSON.stringify(body) });

  it('are created with every documented field, and show their secret', async () => {
    const fields = {
      name: 'prod',
      group_id: 3,
      quota: 12.5,
      rate_limit_5h: '5',
      rate_limit_1d: 20,
      rate_limit_7d: 50,
      expires_in_days: 30,
      ip_whitelist: ['10.0.0.0/8'],
      ip_blacklist: ['10.1.1.1'],
      custom_key: 'my-own-secret-of-24-characters',
    };
    const reply = await ask('POST', '', fields);
    expect(reply.status).toBe(201);
    expect(reply.json()).toMatchObject({
      id: 'key-1',
      name: 'prod',
      group_id: 3,
      quota: '12.50',
      rate_limit_5h: '5.00',
      rate_limit_1d: '20.00',
      rate_limit_7d: '50.00',
      ip_whitelist: ['10.0.0.0/8'],
      ip_blacklist: ['10.1.1.1'],
      key: 'my-own-secret-of-24-characters',
    });
  });

  it('are listed, read, changed, rotated and revoked', async () => {
    expect((await ask('GET', '?limit=1')).json()).toMatchObject({ data: [{ id: 'key-1' }], next_cursor: 'next' });
    const read = (await ask('GET', '/key-1')).json();
    expect(read).toMatchObject({ id: 'key-1', key_hint: 'sk-byts-...cdef', expires_at: null });
    expect(read).not.toHaveProperty('key');
    const changed = await ask('PATCH', '/key-1', { name: 'two', status: 'disabled', rate_limit_5h: 0 });
    expect(changed.json()).toMatchObject({ name: 'two', status: 'disabled', rate_limit_5h: '0.00', group_id: 1 });
    expect((await ask('PATCH', '/key-1', { expires_in_days: 7 })).json()).toMatchObject({
      expires_at: expect.any(String),
    });
    expect((await ask('PATCH', '/key-1', { expires_in_days: null })).json()).toMatchObject({ expires_at: null });
    expect((await ask('POST', '/key-1/rotate')).json()).toMatchObject({ id: 'key-1', key: 'sk-byts-rotated' });
    expect((await ask('DELETE', '/key-1')).json()).toMatchObject({ status: 'revoked' });
    expect((await ask('GET', '/key-2')).status).toBe(404);
  });

  it.each([
    { method: 'POST', path: '', body: { name: 'x', group_id: 1 } },
    { method: 'PATCH', path: '/key-1', body: {} },
    { method: 'POST', path: '/key-1/rotate' },
    { method: 'DELETE', path: '/key-1' },
  ])('are not changed with an inference key: $method $path', async ({ method, path, body }) => {
    const reply = await ask(method, path, body, KEY);
    expect(reply.status).toBe(403);
    expect(reply.json()).toMatchObject({ error: { type: 'permission_error' } });
  });

  it('are seen with an inference key', async () => {
    expect((await ask('GET', '', undefined, KEY)).status).toBe(200);
  });

  it.each([
    { name: 'no name', body: { group_id: 1 } },
    { name: 'a misspelt limit', body: { name: 'x', group_id: 1, rate_limit_6h: 5 } },
    { name: 'a cap that is no amount', body: { name: 'x', group_id: 1, quota: null } },
    { name: 'a negative cap', body: { name: 'x', group_id: 1, quota: -1 } },
    { name: 'an amount finer than money', body: { name: 'x', group_id: 1, quota: '0.0000000001' } },
    { name: 'a name that cannot be stored', body: { name: 'a\0b', group_id: 1 } },
    { name: 'a range that cannot be stored', body: { name: 'x', group_id: 1, ip_whitelist: ['\0'] } },
    { name: 'a secret that cannot be sent', body: { name: 'x', group_id: 1, custom_key: '\0'.repeat(24) } },
    { name: 'a short secret', body: { name: 'x', group_id: 1, custom_key: 'short' } },
  ])('are refused with $name', async ({ body }) => {
    const reply = await ask('POST', '', body);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it.each(['/v1/keys/key-1/reveal', '/api/v1/keys/key-1/reveal'])('are never revealed at %s', async (path) => {
    const reply = await ingress.send({ path, headers: MANAGER });
    expect(reply.status).toBe(410);
    expect(reply.body.toString()).toContain('rotate');
  });

  it('are refused whole when the store cannot answer', async () => {
    const down = await runIngress({
      account: {
        authenticate: async () => {
          throw new GatewayError('unavailable', 'database');
        },
      },
    });
    const reply = await down.send({ path: '/api/v1/keys', headers: MANAGER });
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('2');
    await down.stop();
  });
});
