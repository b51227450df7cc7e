import { NEWS_MS_MAX } from './accounts.js';
import { callGateway, eventually, platform, postJson } from './platform.js';

const management = (path: string, init: RequestInit = {}) =>
  callGateway(path, {
    ...init,
    key: platform.keys.management,
    headers: { 'content-type': 'application/json' },
  });
const create = async (settings: object) => {
  const response = await management('/api/v1/keys', { method: 'POST', body: JSON.stringify(settings) });
  return { status: response.status, body: (await response.json()) as { id: string; key: string } };
};
const hello = (key: string, model = 'claude-haiku-4-5') =>
  postJson(
    '/v1/messages',
    { model, max_tokens: 16, messages: [{ role: 'user', content: 'say: hi' }] },
    { 'x-api-key': key },
  );

describe('keys', () => {
  it('work at once, and stop at once when revoked', async () => {
    const { status, body } = await create({ name: 'ci', group_id: 2 });
    expect(status).toBe(201);
    expect((await hello(body.key)).status).toBe(200);
    expect((await hello(body.key, 'gpt-5-4')).status).toBe(403);
    const revoked = await management(`/api/v1/keys/${body.id}`, { method: 'DELETE' });
    expect(revoked.ok).toBe(true);
    await eventually(async () => ((await hello(body.key)).status === 401 ? true : undefined), NEWS_MS_MAX);
  });

  it('are replaced by a rotation', async () => {
    const { body } = await create({ name: 'rotated', group_id: 1 });
    const rotated = await management(`/api/v1/keys/${body.id}/rotate`, { method: 'POST', body: '{}' });
    const { key } = (await rotated.json()) as { key: string };
    expect((await hello(key)).status).toBe(200);
    await eventually(async () => ((await hello(body.key)).status === 401 ? true : undefined), NEWS_MS_MAX);
  });

  it('obey their address rules', async () => {
    const { body } = await create({ name: 'elsewhere', group_id: 1, ip_whitelist: ['203.0.113.0/24'] });
    expect((await hello(body.key)).status).toBe(403);
  });

  it('do not manage, and management keys do not infer', async () => {
    const response = await callGateway('/api/v1/keys', {
      method: 'POST',
      body: '{"name":"x","group_id":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect([401, 403]).toContain(response.status);
    expect((await hello(platform.keys.management)).status).toBe(401);
  });

  it('cannot be revealed', async () => {
    expect((await management('/v1/keys/key_demo_default/reveal')).status).toBe(410);
  });
});

describe('models', () => {
  it('are listed per protocol and group', async () => {
    const { data } = (await (await callGateway('/api/v1/me/available-models')).json()) as {
      data: { id: string; protocols_aggregate: string[] }[];
    };
    expect(data.find(({ id }) => id === 'gpt-5-4')?.protocols_aggregate).toEqual(
      expect.arrayContaining(['openai-chat', 'openai-responses', 'anthropic-messages:translated']),
    );
  });

  it('answer to their documented aliases and say so', async () => {
    const response = await hello(platform.keys.default, 'claude-3-5-sonnet-20241022');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-model-alias')).toBe('claude-3-5-sonnet-20241022 -> claude-sonnet-4-6');
  });

  it('are named by any of them where usage is asked for', async () => {
    const asked = 'claude-3-5-sonnet-20241022';
    const requestId = (await hello(platform.keys.default, asked)).headers.get('request-id');
    const listed = async (path: string, model: string): Promise<unknown> => {
      const response = await callGateway(`${path}?model=${model}`);
      const { data } = (await response.json()) as { data: { request_id: string; model: string }[] };
      return data.find(({ request_id }) => request_id === requestId)?.model;
    };
    for (const path of ['/v1/usage', '/api/v1/usage'])
      for (const name of ['claude-sonnet-4-6', 'claude-sonnet-4.6', asked])
        expect(await eventually(async () => listed(path, name))).toBe('claude-sonnet-4-6');
    const summed = await callGateway(`/api/v1/me/usage?group_by=model&model=${asked}`);
    expect(await summed.json()).toMatchObject({ buckets: [{ model: 'claude-sonnet-4-6' }] });
  });
});
