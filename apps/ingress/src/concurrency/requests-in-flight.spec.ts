import { GatewayError } from '@bytespike/kernel';

import { answering, type Script } from '../testing/fake-platform.js';
import { open } from '../testing/http-client.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';
import { failed, principal } from '../testing/samples.js';
import { step, until } from '../testing/steps.js';

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** A caller whose account may have one request in flight. */
const ALONE: Script['routing'] = { authenticate: async () => ({ ...principal, concurrency: 1 }) };
const run = async (script: Script = {}): Promise<void> => {
  ingress = await runIngress({ ...script, routing: { ...ALONE, ...script.routing } });
};
const thrower = (kind: 'insufficient-credit' | 'model-not-found' | 'unavailable') => async (): Promise<never> => {
  throw new GatewayError(kind, 'because');
};

describe('a request in flight', () => {
  it('keeps its account from a second, in every dialect, before any money is held, and not from what is free', async () => {
    const end = step();
    await run({
      generate: async (sink, context, request) => {
        if (ingress.heard.generated.length === 1) await end.done;
        return answering(['{}'])(sink, context, request);
      },
    });
    const first = ingress.send(STREAMING.messages);
    await until(() => ingress.heard.generated.length === 1);
    const told = {
      messages: { type: 'error', error: { type: 'rate_limit_error', details: { error_code: 'concurrency_limit' } } },
      chat: { error: { type: 'rate_limit_error', code: 'concurrency_limit' } },
      responses: { error: { type: 'rate_limit_error', code: 'concurrency_limit' } },
      gemini: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } },
    } as const;
    for (const [wire, body] of Object.entries(told)) {
      const reply = await ingress.send(ASKING[wire as keyof typeof told]);
      expect(reply.status).toBe(429);
      expect(reply.json()).toMatchObject(body);
      expect(reply.headers).toMatchObject({ 'retry-after': '1', 'x-ratelimit-remaining': '1.99' });
      expect(reply.body.toString()).toContain('1 request in flight');
      if (wire === 'gemini') expect(reply.body.toString()).toContain('"retryDelay":"1s"');
    }
    expect(ingress.heard.held).toHaveLength(1);
    expect((await ingress.send({ ...ASKING.messages, path: '/v1/messages/count_tokens' })).status).toBe(200);
    expect((await ingress.send({ ...ASKING.chat, path: '/v1/models', body: undefined })).status).toBe(200);
    end.take();
    expect((await first).status).toBe(200);
    expect((await ingress.send(ASKING.chat)).status).toBe(200);
  });

  it.each([
    { name: 'a plan that was refused', script: { routing: { plan: thrower('model-not-found') } }, status: 404 },
    { name: 'a hold that was refused', script: { billing: { hold: thrower('insufficient-credit') } }, status: 402 },
    { name: 'a ledger that is away', script: { billing: { hold: thrower('unavailable') } }, status: 503 },
    {
      name: 'a vendor that failed',
      script: { generate: async () => failed({ kind: 'upstream-transient', message: '' }) },
      status: 502,
    },
    {
      name: 'a bug',
      script: {
        generate: async () => {
          throw new TypeError('a bug');
        },
      },
      status: 500,
    },
  ] satisfies { name: string; script: Script; status: number }[])(
    'has ended with $name',
    async ({ script, status }) => {
      await run(script);
      for (let time = 0; time < 3; time += 1) expect((await ingress.send(ASKING.chat)).status).toBe(status);
    },
  );

  it('has ended when its client has left', async () => {
    await run({
      generate: async (sink, context, request) => {
        if (ingress.heard.generated.length > 1) return answering(['{}'])(sink, context, request);
        await sink.head({ status: 200, contentType: 'text/event-stream', headers: {}, servedBy: '', warnings: [] });
        await sink.data(Buffer.from('data: {}\n\n'));
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        throw GatewayError.from(context.signal.reason);
      },
    });
    const response = await open(ingress.address, STREAMING.chat);
    response.destroy();
    await until(() => ingress.heard.facts.length === 1);
    expect((await ingress.send(ASKING.chat)).status).toBe(200);
  });
});
