import { request } from 'node:http';

import { callGateway, gateway, platform, postJson } from './platform.js';

const chat = { model: 'gpt-5-4', messages: [{ role: 'user', content: 'Hi' }] };

interface Case {
  readonly name: string;
  readonly send: () => Promise<Response>;
  readonly status: number;
  readonly body: object;
}

const openAi = (code: string) => ({
  error: { message: expect.any(String), type: expect.any(String), param: null, code },
});
const anthropic = (type: string) => ({
  type: 'error',
  error: { type, message: expect.any(String) },
  request_id: expect.stringMatching(/./),
});
const gemini = (status: string) => ({ error: { code: expect.any(Number), message: expect.any(String), status } });

const cases: readonly Case[] = [
  {
    name: 'a bad key on Chat',
    send: () => postJson('/v1/chat/completions', chat, { authorization: 'Bearer nope' }),
    status: 401,
    body: openAi('invalid_api_key'),
  },
  {
    name: 'a bad key on Messages',
    send: () => postJson('/v1/messages', {}, { authorization: 'Bearer nope' }),
    status: 401,
    body: anthropic('authentication_error'),
  },
  {
    name: 'a bad key on Gemini',
    send: () => postJson('/v1beta/models/gemini-3-1-pro:generateContent', {}, { authorization: 'Bearer nope' }),
    status: 401,
    body: gemini('UNAUTHENTICATED'),
  },
  {
    name: 'bad JSON on Messages',
    send: () => callGateway('/v1/messages', { method: 'POST', body: '{"model":' }),
    status: 400,
    body: anthropic('invalid_request_error'),
  },
  {
    name: 'bad JSON on Responses',
    send: () => callGateway('/v1/responses', { method: 'POST', body: 'nonsense' }),
    status: 400,
    body: openAi('invalid_param'),
  },
  {
    name: 'a wrong method on Messages',
    send: () => callGateway('/v1/messages', { method: 'GET' }),
    status: 405,
    body: anthropic('invalid_request_error'),
  },
  {
    name: 'a surface that is not exposed',
    send: () => postJson('/v1/embeddings', {}),
    status: 404,
    body: openAi('not_found'),
  },
  {
    name: 'message batches',
    send: () => postJson('/v1/messages/batches', {}),
    status: 404,
    body: anthropic('not_found_error'),
  },
  {
    name: 'a body over the limit',
    send: () => postJson('/v1/chat/completions', { ...chat, pad: 'x'.repeat(33 * 1024 * 1024) }),
    status: 413,
    body: openAi('request_too_large'),
  },
  {
    name: "a model outside the key's group",
    send: () =>
      postJson(
        '/v1/messages',
        { model: 'gpt-5-4', max_tokens: 8, messages: [] },
        { 'x-api-key': platform.keys['agent-global'] },
      ),
    status: 404,
    body: anthropic('not_found_error'),
  },
  {
    name: 'cached content, which only an account with the vendor keeps,',
    send: () =>
      postJson('/v1beta/models/gemini-3-1-pro:generateContent', {
        cachedContent: 'cachedContents/abc123',
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      }),
    status: 400,
    body: gemini('INVALID_ARGUMENT'),
  },
  {
    name: 'tools on a planned surface',
    send: () =>
      postJson('/v1/messages', {
        model: 'glm-5-1',
        max_tokens: 64,
        tools: [{ name: 'f', input_schema: { type: 'object' } }],
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    status: 422,
    body: anthropic('invalid_request_error'),
  },
];

describe('errors', () => {
  it.each(cases)("answer $name in the caller's dialect", async ({ send, status, body }) => {
    const response = await send();
    expect(await response.json()).toMatchObject(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/);
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
  });

  it('tell a WebSocket client to use HTTP', async () => {
    const status = await new Promise((resolve, reject) => {
      const asking = request(`${gateway}/v1/responses`, {
        headers: { connection: 'Upgrade', upgrade: 'websocket', authorization: `Bearer ${platform.keys.default}` },
      });
      asking.once('response', (response) => resolve(response.resume().statusCode));
      asking.once('upgrade', () => reject(new Error('it was upgraded')));
      asking.once('error', reject);
      asking.end();
    });
    expect(status).toBe(426);
  });

  it('carry the accounting headers too', async () => {
    const response = await postJson('/v1/chat/completions', { ...chat, model: 'gpt-nothing' });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-quota-remaining-credits')).toBeNull();
  });
});
