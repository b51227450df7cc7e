import { GatewayError } from '@bytespike/kernel';

import { answering, type Run } from './testing/fake-platform.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest } from './testing/run-ingress.js';
import { attempt, complete, failed, head, hold, plan, principal, target } from './testing/samples.js';
import { nextConnectionLost } from './testing/server-side.js';
import { step } from './testing/steps.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

const settled = async (count = 1): Promise<void> => {
  while (ingress.heard.facts.length < count) await new Promise(setImmediate);
};

describe('the path of one request', () => {
  it.each(Object.entries(ASKING))('answers %s whole, with its length and the accounting headers', async (_, asked) => {
    ingress = await runIngress({ generate: answering(['{"a":', '1}'], { contentType: 'application/json' }) });
    const reply = await ingress.send(asked);
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.body.toString()).toBe('{"a":1}');
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '7',
      'x-ratelimit-limit': '5.00',
      'x-ratelimit-remaining': '1.99',
      'x-ratelimit-reset': '1800000000',
      'x-quota-remaining-credits': '12.34',
      'x-estimated-credits': '0.123',
      'x-hold-basis': 'input=1200 output=8192 price=model-one@1',
    });
    expect(reply.headers['request-id']).toMatch(/^[0-9A-Z]{26}$/);
    expect(reply.headers['x-request-id']).toBe(reply.headers['request-id']);
    expect(reply.headers).not.toHaveProperty('x-org-quota-remaining-credits');
  });

  it('asks each service for what the bytes say and reports the outcome once', async () => {
    ingress = await runIngress();
    const body = '{"model":"model-one","max_tokens":100,"tools":[{"name":"t"}],"messages":[]}';
    const reply = await ingress.send({ ...ASKING.messages, body });
    const requestId = reply.headers['request-id'];
    await settled();
    const { planned, held, generated, facts } = ingress.heard;
    expect(planned).toEqual([
      {
        groupId: 'default',
        protocol: 'anthropic-messages',
        operation: 'generate',
        model: 'model-one',
        features: { stream: false, tools: true, vision: false, thinking: false, state: false, capsule: false },
      },
    ]);
    expect(held).toEqual([
      expect.objectContaining({
        requestId,
        accountId: 'account-1',
        keyId: 'key-1',
        operation: 'generate',
        priceVersions: ['model-one@1'],
        maxOutputTokens: 100,
        modelMaxOutputTokens: 8_192,
        stream: false,
      }),
    ]);
    expect(generated[0]?.input).toMatchObject({
      requestId,
      operation: 'generate',
      stream: false,
      headers: { 'anthropic-version': '2023-06-01' },
      query: '',
      edits: [],
      usageChunk: 'pass',
      attemptsLeft: 3,
    });
    expect(Buffer.from(generated[0]?.body ?? []).toString()).toBe(body);
    expect(facts).toEqual([
      expect.objectContaining({ requestId, model: 'model-one', priceVersion: 'model-one@1', outcome: complete }),
    ]);
  });

  it('names the alias asked for and what translation lost', async () => {
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, alias: 'one', targets: [{ ...target, lane: 'ir' }] }) },
      translate: answering(['{}'], { warnings: ['L60;path="top_k";action=dropped'] }),
    });
    const reply = await ingress.send({
      ...ASKING.chat,
      headers: { ...ASKING.chat.headers, 'x-gateway-policy': 'strict', 'x-gateway-allow': 'L61, nonsense' },
    });
    expect(reply.headers).toMatchObject({
      'x-model-alias': 'one -> model-one',
      'x-gateway-warnings': 'L60;path="top_k";action=dropped',
    });
    expect(ingress.heard.translated[0]?.input).toMatchObject({
      clientProtocol: 'openai-chat',
      policy: 'strict',
      allow: ['L61'],
    });
  });

  it('renames the model by a splice and asks a chat stream for its usage, on the raw lane only', async () => {
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [{ ...target, upstreamModel: 'vendor-name' }] }) },
      generate: answering(['data: [DONE]\n\n']),
    });
    await ingress.send({ ...ASKING.chat, body: '{"model":"model-one","stream":true}' });
    expect(ingress.heard.generated[0]?.input).toMatchObject({
      usageChunk: 'withhold',
      edits: [
        { at: 9, length: 11, text: '"vendor-name"' },
        { at: 1, length: 0, text: '"stream_options":{"include_usage":true},' },
      ],
    });
  });

  it('walks to the next target while nothing has been sent, and lists every attempt', async () => {
    const runs: Run[] = [
      async () => failed({ kind: 'upstream-transient', message: 'down' }),
      answering(['data: x\n\n']),
    ];
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [target, { ...target, channelId: 'channel-2' }] }) },
      generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request),
    });
    const reply = await ingress.send(STREAMING.messages);
    await settled();
    expect(reply.body.toString()).toBe('data: x\n\n');
    expect(ingress.heard.generated.map(({ input }) => [input.target.channelId, input.attemptsLeft])).toEqual([
      ['channel-1', 3],
      ['channel-2', 2],
    ]);
    expect(ingress.heard.facts[0]?.outcome.attempts.map(({ kind }) => kind)).toEqual(['upstream-transient', undefined]);
  });

  it('stops walking when the attempts are used up', async () => {
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [target, target, target] }) },
      generate: async () => ({
        ...failed({ kind: 'upstream-timeout', message: 'slow' }),
        attempts: [attempt, attempt],
      }),
    });
    const reply = await ingress.send(ASKING.chat);
    expect(reply.status).toBe(504);
    expect(ingress.heard.generated.map(({ input }) => input.attemptsLeft)).toEqual([3, 1]);
  });

  it('counts no attempt for a target that was not called', async () => {
    const shut: Run = async () => ({ ...failed({ kind: 'unavailable', message: 'circuit' }), attempts: [] });
    const runs: Run[] = [shut, shut, shut, answering(['{}'])];
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [target, target, target, target] }) },
      generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request),
    });
    expect((await ingress.send(ASKING.chat)).status).toBe(200);
    expect(ingress.heard.generated.at(-1)?.input.attemptsLeft).toBe(3);
  });

  it('stops walking when the failure says that no other target would help', async () => {
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [target, target] }) },
      generate: async () => failed({ kind: 'context-too-long', message: 'prompt is too long' }),
    });
    const reply = await ingress.send(ASKING.messages);
    expect(reply.status).toBe(400);
    expect(ingress.heard.generated).toHaveLength(1);
  });

  it("passes a vendor's refusal byte for byte, on the raw lane", async () => {
    const body = '{"type":"error","error":{"message":"prompt is too long: 9 tokens > 8 maximum"}}';
    const verbatim = { status: 400, contentType: 'application/json', bodyBase64: Buffer.from(body).toString('base64') };
    ingress = await runIngress({
      generate: async () => failed({ kind: 'context-too-long', message: 'too long', verbatim }),
    });
    const reply = await ingress.send(STREAMING.messages);
    expect(reply.status).toBe(400);
    expect(reply.body.toString()).toBe(body);
    expect(reply.headers['x-ratelimit-limit']).toBe('5.00');
  });

  it("tells a vendor's refusal in the caller's form where it came in another's", async () => {
    const verbatim = {
      status: 400,
      contentType: 'application/json',
      bodyBase64: Buffer.from('{"error":{"message":"no"}}').toString('base64'),
    };
    ingress = await runIngress({
      generate: async () => failed({ kind: 'upstream-refused', message: 'no such field', verbatim }),
    });
    const reply = await ingress.send(STREAMING.messages);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body.toString())).toMatchObject({ type: 'error', error: { message: 'no such field' } });
  });

  it('never bills an answer in which nothing came', async () => {
    ingress = await runIngress({ generate: async () => complete });
    const reply = await ingress.send(STREAMING.chat);
    await settled();
    expect(reply.status).toBe(502);
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({
      ending: 'truncated',
      failure: { kind: 'upstream-garbled' },
    });
  });

  it('counts tokens without a stream and without an output to hold', async () => {
    ingress = await runIngress();
    await ingress.send({ ...ASKING.messages, path: '/v1/messages/count_tokens', body: STREAMING.messages.body });
    expect(ingress.heard.held[0]).toMatchObject({ operation: 'count', stream: false, maxOutputTokens: 0 });
    expect(ingress.heard.generated[0]?.input).toMatchObject({ operation: 'count', stream: false });
  });
});

describe('holds', () => {
  it('asks for every alternative answer', async () => {
    ingress = await runIngress();
    await ingress.send({ ...ASKING.chat, body: '{"model":"model-one","n":3,"max_tokens":10}' });
    expect(ingress.heard.held[0]).toMatchObject({ maxOutputTokens: 30, choices: 3 });
  });

  it('reaches no vendor when it is refused, and says what is left', async () => {
    const accounting = { walletRemaining: '0', keyQuotaRemaining: '1', windows: [] };
    ingress = await runIngress({
      billing: {
        hold: async () => {
          throw new GatewayError('insufficient-credit', 'The wallet is empty.', { details: { accounting } });
        },
      },
    });
    const reply = await ingress.send(ASKING.chat);
    expect(reply.status).toBe(402);
    expect(reply.headers).toMatchObject({ 'x-quota-remaining-credits': '0.01', 'x-should-retry': 'false' });
    expect(ingress.heard.generated).toEqual([]);
    expect(ingress.heard.facts).toEqual([]);
  });

  it('is voided by a fact when nobody knows whether it was made', async () => {
    ingress = await runIngress({
      billing: {
        hold: async () => {
          throw new GatewayError('unavailable', 'no answer before the deadline');
        },
      },
    });
    const reply = await ingress.send(ASKING.chat);
    await settled();
    expect(reply.status).toBe(503);
    expect(reply.headers['retry-after']).toBe('2');
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({ ending: 'failed', attempts: [], contentStarted: false });
  });

  it('is voided when the client leaves while it is made', async () => {
    const [asked, answer] = [step(), step()];
    ingress = await runIngress({
      billing: {
        hold: async () => {
          asked.take();
          await answer.done;
          return hold;
        },
      },
    });
    const leaving = new AbortController();
    const connectionLost = nextConnectionLost();
    const reply = ingress.send({ ...ASKING.chat, signal: leaving.signal });
    await asked.done;
    leaving.abort();
    await expect(reply).rejects.toThrow();
    await connectionLost;
    answer.take();
    await settled();
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({ ending: 'cancelled', attempts: [] });
    expect(ingress.heard.generated).toEqual([]);
  });

  it('is voided when the call breaks instead of ending', async () => {
    ingress = await runIngress({
      generate: async () => {
        throw new GatewayError('unavailable', 'nobody serves it');
      },
    });
    const reply = await ingress.send(ASKING.messages);
    await settled();
    expect(reply.status).toBe(529);
    expect(ingress.heard.facts[0]?.outcome).toMatchObject({ ending: 'failed', failure: { kind: 'unavailable' } });
  });

  it('shows the wallet of an organisation and only then', async () => {
    ingress = await runIngress({
      routing: { authenticate: async () => ({ ...principal, organisationId: 'organisation-1' }) },
      billing: { hold: async () => ({ ...hold, accounting: { walletRemaining: 8_420_650_000_000n, windows: [] } }) },
    });
    const reply = await ingress.send(ASKING.chat);
    expect(reply.headers['x-org-quota-remaining-credits']).toBe('8420.65');
    expect(reply.headers).not.toHaveProperty('x-ratelimit-limit');
    expect(reply.headers).not.toHaveProperty('x-quota-remaining-credits');
  });
});

describe('what passes through', () => {
  it('forwards headers and query by allow-list', async () => {
    ingress = await runIngress();
    await ingress.send({
      ...ASKING.messages,
      path: '/v1/messages?beta=true&key=not-forwarded&other=1',
      headers: {
        ...ASKING.messages.headers,
        'anthropic-version': '2026-10-21',
        'anthropic-beta': 'a-2026,b-2026',
        cookie: 'a=b',
        authorization: 'Bearer somebody-else',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'openai-organization': 'org',
        'user-agent': 'test',
      },
    });
    expect(ingress.heard.generated[0]?.input).toMatchObject({
      headers: { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'a-2026,b-2026' },
      query: 'beta=true',
    });
  });

  it("gives back a vendor's permitted headers and never its account's", async () => {
    ingress = await runIngress({
      generate: answering(['{}'], {
        headers: {
          'openai-processing-ms': '12',
          'x-ratelimit-remaining-requests': '7',
          'request-id': 'theirs',
          'set-cookie': 'a=b',
          connection: 'close',
        },
      }),
    });
    const reply = await ingress.send(ASKING.chat);
    expect(reply.headers['openai-processing-ms']).toBe('12');
    expect(reply.headers['request-id']).not.toBe('theirs');
    expect(reply.headers).not.toHaveProperty('x-ratelimit-remaining-requests');
    expect(reply.headers).not.toHaveProperty('set-cookie');
  });

  it('keeps the head of an answer from the target that served', async () => {
    const runs: Run[] = [
      async (sink) => {
        await sink.head({ ...head, headers: { 'x-first': '1' } });
        return failed({ kind: 'upstream-garbled', message: 'bad' });
      },
      answering(['{"second":true}'], { servedBy: 'model-two' }),
    ];
    ingress = await runIngress({
      routing: { plan: async () => ({ ...plan, targets: [target, target] }) },
      generate: (sink, context, request) => (runs.shift() as Run)(sink, context, request),
    });
    const reply = await ingress.send(ASKING.chat);
    expect(reply.body.toString()).toBe('{"second":true}');
    expect(reply.headers).not.toHaveProperty('x-first');
    expect(reply.headers['x-model-alias']).toBe('model-one -> model-two');
  });
});
