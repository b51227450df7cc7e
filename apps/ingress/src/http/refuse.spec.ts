import { once } from 'node:events';

import { GatewayError, type ErrorKind } from '@bytespike/kernel';

import type { Script } from '../testing/fake-platform.js';
import { openSocket, readSocket, type Asked } from '../testing/http-client.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY, complete, failed, head, MANAGEMENT_KEY } from '../testing/samples.js';
import { step } from '../testing/steps.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** How each dialect tells a failure: what it calls it, and where. */
const DIALECTS = {
  messages: { asked: ASKING.messages, path: '/v1/messages' },
  chat: { asked: ASKING.chat, path: '/v1/chat/completions' },
  responses: { asked: ASKING.responses, path: '/v1/responses' },
  gemini: { asked: ASKING.gemini, path: ASKING.gemini.path },
} as const;
type DialectName = keyof typeof DIALECTS;

interface Failing {
  readonly name: string;
  readonly script?: Script;
  readonly change?: (asked: Asked) => Asked;
  /** Status everywhere, and what messages, chat and responses, and gemini call it. */
  readonly status: number | Readonly<Partial<Record<DialectName, number>>>;
  readonly words: readonly [string, string, string];
}

const refusing = (kind: ErrorKind) => async (): Promise<never> => {
  throw new GatewayError(kind, 'because');
};

const FAILURES: readonly Failing[] = [
  {
    name: 'a bad key',
    change: (asked) => ({ ...asked, headers: { 'x-api-key': 'sk-byts-this-is-not-it' } }),
    status: 401,
    words: ['authentication_error', 'invalid_api_key', 'UNAUTHENTICATED'],
  },
  {
    name: 'bad JSON',
    change: (asked) => ({ ...asked, body: '{"model":' }),
    status: 400,
    words: ['invalid_request_error', 'invalid_param', 'INVALID_ARGUMENT'],
  },
  {
    name: 'a body over the limit',
    change: (asked) => ({
      ...asked,
      body: '',
      headers: { ...asked.headers, 'content-length': String(33 * 1024 * 1024) },
    }),
    status: 413,
    words: ['request_too_large', 'request_too_large', 'INVALID_ARGUMENT'],
  },
  {
    name: 'a model outside the group',
    script: { routing: { plan: refusing('model-not-in-group') } },
    status: 403,
    words: ['permission_error', 'model_not_in_group', 'PERMISSION_DENIED'],
  },
  {
    name: 'an unknown model',
    script: { routing: { plan: refusing('model-not-found') } },
    status: 404,
    words: ['not_found_error', 'model_not_found', 'NOT_FOUND'],
  },
  {
    name: 'tools on a planned surface',
    script: { routing: { plan: refusing('tools-not-supported') } },
    status: 422,
    words: ['invalid_request_error', 'tool_use_not_supported', 'FAILED_PRECONDITION'],
  },
  {
    name: 'an empty wallet',
    script: { billing: { hold: refusing('insufficient-credit') } },
    status: 402,
    words: ['billing_error', 'insufficient_balance', 'RESOURCE_EXHAUSTED'],
  },
  {
    name: 'a full concurrency limit',
    script: { billing: { hold: refusing('concurrency') } },
    status: 429,
    words: ['rate_limit_error', 'concurrency_limit', 'RESOURCE_EXHAUSTED'],
  },
  {
    name: 'a store that cannot answer',
    script: { routing: { authenticate: refusing('unavailable') } },
    status: { messages: 529, chat: 503, responses: 503, gemini: 503 },
    words: ['overloaded_error', 'unavailable', 'UNAVAILABLE'],
  },
  {
    name: 'a vendor that failed',
    script: { generate: async () => failed({ kind: 'upstream-transient', message: 'secret detail' }) },
    status: 502,
    words: ['api_error', 'upstream_error', 'UNAVAILABLE'],
  },
  {
    name: 'a bug',
    script: {
      routing: {
        plan: async () => {
          throw new TypeError('secret detail');
        },
      },
    },
    status: 500,
    words: ['api_error', 'internal_error', 'INTERNAL'],
  },
  {
    name: 'a wrong method',
    change: ({ path, headers }) => ({ path, headers: headers ?? {}, method: 'PUT' }),
    status: 405,
    words: ['invalid_request_error', 'method_not_allowed', 'INVALID_ARGUMENT'],
  },
];

const cases = FAILURES.flatMap((failure) =>
  Object.entries(DIALECTS).map(([name, { asked }]) => ({
    ...failure,
    dialect: name as DialectName,
    asked: asked as Asked,
  })),
);

describe('a failure', () => {
  it.each(cases)(
    '$name is told in the words of $dialect',
    async ({ script, change, asked, status, words, dialect }) => {
      ingress = await runIngress(script);
      const reply = await ingress.send(change ? change(asked) : asked);
      const requestId = reply.headers['request-id'];
      expect(reply.status).toBe(typeof status === 'number' ? status : status[dialect]);
      expect(requestId).toMatch(/^[0-9A-Z]{26}$/);
      expect(reply.headers['x-request-id']).toBe(requestId);
      expect(reply.headers['content-type']).toMatch(/^application\/json/);
      expect(reply.body.toString()).not.toContain('secret');
      const [anthropic, openai, gemini] = words;
      const told = {
        messages: { type: 'error', error: { type: anthropic }, request_id: requestId },
        chat: { error: { code: openai } },
        responses: { error: { code: openai } },
        gemini: { error: { status: gemini, code: reply.status } },
      };
      expect(reply.json()).toMatchObject(told[dialect]);
      if (dialect === 'gemini') expect(reply.body.toString()).toContain(requestId);
    },
  );

  it.each([
    { path: '/v1/messages/unknown', told: { type: 'error', error: { type: 'not_found_error' } } },
    { path: '/v1/chat/unknown', told: { error: { type: 'invalid_request_error', code: 'not_found' } } },
    { path: '/v1beta/unknown', told: { error: { status: 'NOT_FOUND' } } },
    { path: '/v1/models/m:embedContent', told: { error: { status: 'NOT_FOUND' } } },
    { path: '/api/v1/unknown', told: { error: { type: 'not_found_error', message: expect.any(String) } } },
    { path: '/anything', told: { error: { code: 'not_found' } } },
  ])('at the unknown address $path is told in the dialect of the path', async ({ path, told }) => {
    ingress = await runIngress();
    for (const method of ['POST', 'PROPFIND']) {
      const reply = await ingress.send({ path, method, headers: { 'content-type': 'no such type' } });
      expect(reply.status).toBe(404);
      expect(reply.json()).toMatchObject(told);
      expect(reply.headers['request-id']).toBeDefined();
    }
  });

  it('names the methods that are right', async () => {
    ingress = await runIngress();
    const reply = await ingress.send({ path: '/v1/messages', method: 'DELETE' });
    expect(reply.headers.allow).toBe('POST');
  });

  it.each(['GET', 'HEAD', 'PUT', 'OPTIONS'])('names POST alone where %s asks for a call of Gemini', async (method) => {
    ingress = await runIngress();
    for (const path of ['/v1beta/models/m:generateContent', '/v1/models/m:countTokens']) {
      const reply = await ingress.send({ path, method });
      expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
    }
  });

  it.each<Record<string, string>>([{}, { 'content-type': 'nonsense' }])(
    'answers a method of other servers with the headers %p before the framework judges them',
    async (headers) => {
      ingress = await runIngress();
      const reply = await ingress.send({ path: '/v1/messages', method: 'QUERY', headers });
      expect([reply.status, reply.json()]).toMatchObject([404, { type: 'error', error: { type: 'not_found_error' } }]);
    },
  );

  it('answers an address that cannot be decoded', async () => {
    ingress = await runIngress();
    const reply = await ingress.send({ path: '/v1beta/models/%zz:generateContent', method: 'POST' });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  });

  it.each([
    { path: '/v1/messages?beta=%00', told: { type: 'error', error: { type: 'invalid_request_error' } } },
    { path: '/v1/models/%00', told: { error: { code: 'invalid_param' } } },
    { path: '/v1beta/models/%00:generateContent', told: { error: { status: 'INVALID_ARGUMENT' } } },
  ])('answers the NUL in $path in the dialect of the address', async ({ path, told }) => {
    ingress = await runIngress();
    const reply = await ingress.send({ path, method: path.startsWith('/v1/models') ? 'GET' : 'POST' });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject(told);
  });

  it('carries no accounting when nobody is known, and the real ones when somebody is', async () => {
    ingress = await runIngress({ routing: { plan: refusing('model-not-found') } });
    const unknown = await ingress.send({ ...ASKING.chat, headers: {} });
    const known = await ingress.send(ASKING.chat);
    expect(unknown.headers).not.toHaveProperty('x-ratelimit-limit');
    expect(known.headers).toMatchObject({ 'x-ratelimit-remaining': '1.99', 'x-quota-remaining-credits': '12.34' });
  });

  it.each([
    { name: 'an unknown address', asked: { path: '/v1/unknown', method: 'POST' }, status: 404 },
    { name: 'a method nobody has heard of', asked: { path: '/v1/unknown', method: 'PROPFIND' }, status: 404 },
    { name: 'a surface that is not exposed', asked: { path: '/v1/embeddings', method: 'POST' }, status: 404 },
    { name: 'a wrong method', asked: { path: '/v1/messages', method: 'DELETE' }, status: 405 },
    { name: 'a stream that is no WebSocket', asked: { path: '/v1/responses', method: 'GET' }, status: 405 },
    { name: 'an address that cannot be read', asked: { path: '/v1/models/%zz', method: 'GET' }, status: 400 },
    { name: 'an address with a NUL', asked: { path: '/v1/models/%00', method: 'GET' }, status: 400 },
  ])('tells a known key its limits, and nobody else, at $name', async ({ asked, status }) => {
    ingress = await runIngress();
    const answered = async (headers: Record<string, string>) => ingress.send({ ...asked, headers });
    const known = await answered({ 'x-api-key': API_KEY });
    expect([known.status, known.headers]).toMatchObject([
      status,
      { 'x-ratelimit-remaining': '1.99', 'x-quota-remaining-credits': '12.34', ratelimit: expect.any(String) },
    ]);
    for (const key of [undefined, 'sk-byts-this-is-not-it', MANAGEMENT_KEY]) {
      const reply = await answered(key === undefined ? {} : { 'x-api-key': key });
      expect(reply.status).toBe(status);
      expect(reply.headers).not.toHaveProperty('x-ratelimit-limit');
    }
  });

  it('does not wait to learn whose key it is', async () => {
    ingress = await runIngress(
      { routing: { authenticate: () => new Promise(() => undefined) } },
      { timings: { accountingMs: 20 } },
    );
    expect((await ingress.send({ ...ASKING.chat, path: '/v1/unknown' })).status).toBe(404);
  });

  it('does not wait for accounting that does not come', async () => {
    ingress = await runIngress(
      { routing: { plan: refusing('model-not-found') }, billing: { accounting: () => new Promise(() => undefined) } },
      { timings: { accountingMs: 20 } },
    );
    expect((await ingress.send(ASKING.chat)).status).toBe(404);
  });
});

describe('when to come back', () => {
  it.each([
    { name: 'a short wait', error: new GatewayError('concurrency', 'x', { retryAfterMs: 1_400 }), after: '2' },
    { name: 'no wait known', error: new GatewayError('concurrency', 'x'), after: '2' },
    { name: 'a wait of a minute', error: new GatewayError('spend-window', 'x', { retryAfterMs: 60_000 }), after: '60' },
    {
      name: 'a wait too long to mean',
      error: new GatewayError('spend-window', 'x', { retryAfterMs: 90_000 }),
      stop: 'false',
    },
    { name: 'a spent budget', error: new GatewayError('quota-exceeded', 'x'), stop: 'false' },
  ])('is told for $name', async ({ error, after, stop }) => {
    ingress = await runIngress({
      billing: {
        hold: async () => {
          throw error;
        },
      },
    });
    const { headers } = await ingress.send(ASKING.chat);
    expect([headers['retry-after'], headers['x-should-retry']]).toEqual([after, stop]);
  });
});

describe('broken HTTP', () => {
  it.each([
    {
      name: 'headers over the limit',
      bytes: `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`,
      first: 'HTTP/1.1 431 ',
      told: '"type":"error","error":{"type":"request_too_large"',
    },
    {
      name: 'a malformed header',
      bytes: 'POST /v1beta/models/m:generateContent HTTP/1.1\r\nhost x\r\n\r\n',
      first: 'HTTP/1.1 400 ',
      told: '"status":"INVALID_ARGUMENT"',
    },
    {
      name: 'no host',
      bytes: 'POST /v1/messages HTTP/1.1\r\nconnection: close\r\n\r\n',
      first: 'HTTP/1.1 400 ',
      told: '"type":"error","error":{"type":"invalid_request_error"',
    },
    {
      name: 'an expectation that nobody knows',
      bytes: 'POST /v1/messages HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\nconnection: close\r\n\r\n',
      first: 'HTTP/1.1 401 ',
      told: '"type":"error","error":{"type":"authentication_error"',
    },
    { name: 'no HTTP at all', bytes: 'hello there\r\n\r\n', first: 'HTTP/1.1 400 ', told: '"code":"invalid_param"' },
  ])('is answered in the dialect of its first line: $name', async ({ bytes, first, told }) => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    socket.write(bytes);
    const answer = await readSocket(socket);
    expect(answer.startsWith(first)).toBe(true);
    expect(answer).toContain(told);
    expect(answer).toMatch(/\r\nrequest-id: [0-9A-Z]{26}\r\n/);
  });

  it('is answered where it comes behind a whole answer, and not in the middle of one', async () => {
    const leave = step();
    ingress = await runIngress({
      generate: async (sink) => {
        await sink.head(head);
        await sink.data(Buffer.from('data: {}\n\n'));
        await leave.done;
        return complete;
      },
    });
    const socket = await openSocket(ingress.address);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(await readSocket(socket)).toMatch(/^HTTP\/1\.1 431 /);

    const { path, body } = STREAMING.chat;
    const busy = await openSocket(ingress.address);
    busy.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${API_KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await once(busy, 'data');
    busy.write('hello there\r\n\r\n');
    expect(await readSocket(busy)).not.toContain('HTTP/1.1');
    leave.take();
  });
});

describe('surfaces that are not exposed', () => {
  it.each([
    { path: '/v1/embeddings', method: 'POST', says: 'Embeddings are not exposed', code: 'not_found' },
    { path: '/v1/audio/transcriptions', method: 'POST', says: 'Audio is not exposed', code: 'not_found' },
    { path: '/v1/rerank', method: 'POST', says: '/v1/chat/completions', code: 'not_found' },
    { path: '/v1/assistants/abc', method: 'GET', says: '/v1/responses', code: 'not_found' },
    { path: '/v1/responses/compact', method: 'POST', says: 'previous_response_id', code: 'not_found' },
    { path: '/v1/images/variations', method: 'POST', says: '/v1/images/generations', code: 'not_found' },
    { path: '/v1/videos', method: 'POST', says: '/v1/videos/generations', code: 'not_found' },
    { path: '/v1/tasks', method: 'GET', says: '/v1/tasks/submit', code: 'not_found' },
    { path: '/v1/receipts', method: 'GET', says: 'GET /v1/receipts/{request_id}', code: 'not_found' },
  ])('answer $method $path with what to use instead', async ({ path, method, says, code }) => {
    ingress = await runIngress();
    const reply = await ingress.send({ path, method, headers: { authorization: `Bearer ${API_KEY}` } });
    expect(reply.status).toBe(404);
    expect(reply.json()).toMatchObject({ error: { code, message: expect.stringContaining(says) } });
  });

  it('answer batches as Anthropic would', async () => {
    ingress = await runIngress();
    const reply = await ingress.send({ path: '/v1/messages/batches/b1/results' });
    expect(reply.status).toBe(404);
    expect(reply.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });

  it.each<{ headers: Record<string, string>; told: object }>([
    { headers: { 'anthropic-version': '2023-06-01' }, told: { type: 'error', error: { type: 'not_found_error' } } },
    { headers: { 'x-goog-api-key': API_KEY }, told: { error: { status: 'NOT_FOUND' } } },
    { headers: {}, told: { error: { code: 'not_found' } } },
  ])('answer files in the words of who asks', async ({ headers, told }) => {
    ingress = await runIngress();
    for (const path of ['/v1/files', '/v1/files/abc']) {
      const reply = await ingress.send({ path, headers });
      expect(reply.status).toBe(404);
      expect(reply.json()).toMatchObject(told);
    }
  });

  it('answer a WebSocket with a clean 426', async () => {
    ingress = await runIngress();
    const socket = await openSocket(ingress.address);
    const lines = [
      'GET /v1/responses HTTP/1.1',
      'host: x',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const answer = await readSocket(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
    expect(answer).toContain('"code":"upgrade_required"');
    expect((await ingress.send({ path: '/v1/responses' })).status).toBe(405);
  });

  it.each(['/', '/api/hello'])('answer HEAD %s harmlessly', async (path) => {
    ingress = await runIngress();
    const reply = await ingress.send({ path, method: 'HEAD' });
    expect(reply.status).toBe(200);
    expect(reply.body).toHaveLength(0);
    const known = await ingress.send({ path, method: 'HEAD', headers: { 'x-api-key': API_KEY } });
    expect(known.headers).toMatchObject({ 'x-ratelimit-remaining': '1.99' });
  });
});
