import type { CallContext, HandlersFor, storedResponses } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { registry } from '@bytespike/telemetry';

import { answering, type Script } from './testing/fake-platform.js';
import { ASKING, runIngress, type IngressUnderTest, type Settings } from './testing/run-ingress.js';
import { API_KEY, plan, target } from './testing/samples.js';
import { step, whenAborted } from './testing/steps.js';
import { open } from './testing/http-client.js';

type Handlers = HandlersFor<typeof storedResponses>;
type Remembered = Parameters<Handlers['remember']>[0];

let ingress: IngressUnderTest;
afterEach(() => ingress.stop());

/** A gateway that writes down what it was told to remember. */
async function start(script: Script = {}, settings: Settings = {}) {
  const remembered: Remembered[] = [];
  const remember: Handlers['remember'] = async (request) => {
    remembered.push(request);
    return { result: 'kept' };
  };
  ingress = await runIngress({ ...script, storedResponses: { remember, ...script.storedResponses } }, settings);
  return remembered;
}

const asking = (fields: object) => ({
  ...ASKING.responses,
  body: JSON.stringify({ model: 'model-one', input: 'hi', ...fields }),
});
const ask = (fields: object) => ingress.send(asking(fields));

describe('a request that leans on stored responses', () => {
  it('is planned, held for and served with what came before it, on the ir lane', async () => {
    const expanded: unknown[] = [];
    await start({
      storedResponses: {
        expand: async ({ input, body }, sink) => {
          expanded.push(input, JSON.parse(Buffer.from(body!).toString()));
          await sink.head({});
          await sink.data(Buffer.from(`{"model":"model-one","input":"${'x'.repeat(10_000)}"}`));
          return { previousResponseId: 'resp_1', warnings: ['L40;path="previous_response_id";action=dropped'] };
        },
      },
      routing: { plan: async () => ({ ...plan, targets: [{ ...target, lane: 'ir' }] }) },
    });
    const reply = await ask({ previous_response_id: 'resp_1' });
    expect(reply.status).toBe(200);
    expect(reply.headers['x-gateway-warnings']).toBe('L40;path="previous_response_id";action=dropped');
    expect(expanded).toEqual([
      { keyId: 'key-1', operation: 'generate', policy: 'warn', allow: [] },
      { model: 'model-one', input: 'hi', previous_response_id: 'resp_1' },
    ]);
    expect(ingress.heard.planned[0]!.features.state).toBe(true);
    expect(ingress.heard.held[0]!.inputTokensUpperBound).toBeGreaterThan(5_000);
    expect(ingress.heard.translated[0]!.body).toHaveLength(10_032);
    expect(ingress.heard.translated[0]!.input.clientState).toEqual({ previousResponseId: 'resp_1', store: true });
  });

  it('remembers what its client sent, and not the history again', async () => {
    const remembered = await start();
    const body = { previous_response_id: 'resp_1' };
    await ask(body);
    const { input, body: told } = remembered[0]!;
    const text = Buffer.from(told!).toString();
    expect(text.slice(0, input.requestBytes)).toBe(asking(body).body);
    expect(text.slice(input.requestBytes)).toBe('{"ok":true}');
  });

  it('is refused before a hold when there is nothing to lean on', async () => {
    await start({
      storedResponses: {
        expand: async () => {
          throw new GatewayError('previous-response-not-found', "Previous response with id 'x' not found.", {
            details: { param: 'previous_response_id' },
          });
        },
      },
    });
    const reply = await ask({ previous_response_id: 'x', stream: true });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({
      error: { code: 'previous_response_not_found', param: 'previous_response_id', type: 'invalid_request_error' },
    });
    expect([ingress.heard.held, ingress.heard.generated]).toEqual([[], []]);
  });

  it.each([
    { fields: { conversation: 'conv_1' }, param: 'conversation' },
    { fields: { background: true }, param: 'background' },
  ])('is refused where only a vendor could hold it: $param', async ({ fields, param }) => {
    await start();
    const reply = await ask(fields);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { code: 'unsupported_capability', param } });
    expect(ingress.heard.held).toEqual([]);
  });
});

const RECORDS = [
  'event: response.created\ndata: {"type":"response.created"}\n\n',
  'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_1"}}\n\n',
] as const;
const WHOLE = RECORDS.join('');

describe('an answer that can be come back to', () => {
  it.each([
    { name: 'record by record', pieces: RECORDS },
    { name: 'in one piece', pieces: [WHOLE] },
    { name: 'byte by byte', pieces: [...WHOLE] },
  ])('passes as it came, $name', async ({ pieces }) => {
    const remembered = await start({ generate: answering([...pieces]) });
    const reply = await ask({ stream: true });
    expect(reply.body.toString()).toBe(WHOLE);
    const [{ input, body }] = remembered as [Remembered];
    expect(input).toMatchObject({ keyId: 'key-1', answer: 'record' });
    expect(Buffer.from(body!.subarray(input.requestBytes)).toString()).toBe(RECORDS[1]);
  });

  it('ends only when it is kept', async () => {
    const kept = step();
    await start({
      generate: answering([WHOLE]),
      storedResponses: {
        remember: async () => {
          await kept.done;
          return { result: 'kept' };
        },
      },
    });
    const response = await open(ingress.address, asking({ stream: true }));
    let text = '';
    const ended = new Promise((resolve) => response.on('end', resolve));
    await new Promise<void>((resolve) =>
      response.on('data', (piece: Buffer) => {
        text += piece.toString();
        resolve();
      }),
    );
    expect(text).toBe(RECORDS[0]);
    kept.take();
    await ended;
    expect(text).toBe(WHOLE);
  });

  it.each([{ stream: true }, { stream: false }])('goes out all the same when it cannot be kept: %j', async (fields) => {
    await start({
      generate: answering([WHOLE]),
      storedResponses: {
        remember: async () => {
          throw new GatewayError('unavailable', 'the store is away');
        },
      },
    });
    const lost = async (): Promise<number> =>
      Number(/gw_stored_responses_total\{result="lost"\} (\d+)/.exec(await registry.metrics())?.[1] ?? 0);
    const before = await lost();
    expect((await ask(fields)).body.toString()).toBe(WHOLE);
    expect(await lost()).toBe(before + 1);
  });

  it('goes out when keeping it takes too long', async () => {
    const remember = (_request: unknown, _sink: unknown, { signal }: CallContext) =>
      whenAborted(signal).then(() => ({ result: 'kept' as const }));
    await start({ generate: answering([WHOLE]), storedResponses: { remember } }, { timings: { rememberMs: 1 } });
    expect((await ask({ stream: true })).body.toString()).toBe(WHOLE);
  });

  it.each([
    { name: 'declined', fields: { store: false } },
    { name: 'declined in a stream', fields: { store: false, stream: true } },
  ])('is not kept where that is $name', async ({ fields }) => {
    const remembered = await start({ generate: answering([WHOLE]) });
    await ask(fields);
    expect(remembered).toEqual([]);
  });

  it.each(['messages', 'chat', 'gemini'] as const)('is none of %s', async (name) => {
    const remembered = await start({ generate: answering([WHOLE]) });
    expect((await ingress.send(ASKING[name])).status).toBe(200);
    expect(remembered).toEqual([]);
  });

  it('is not kept when it broke', async () => {
    const remembered = await start({
      generate: async (sink) => {
        await sink.head({ status: 200, contentType: 'text/event-stream', headers: {}, servedBy: '', warnings: [] });
        await sink.data(Buffer.from(RECORDS[0]));
        throw new GatewayError('unavailable', 'gone');
      },
    });
    expect((await ask({ stream: true })).whole).toBe(false);
    expect(remembered).toEqual([]);
  });
});

describe('a stored response', () => {
  const at = (path: string, method = 'GET') =>
    ingress.send({ path: `/v1/responses/resp_1${path}`, method, headers: { authorization: `Bearer ${API_KEY}` } });

  it('is read, listed and deleted by its key', async () => {
    await start();
    expect((await at('')).json()).toEqual({ id: 'resp_1', object: 'response' });
    const stream = await at('?stream=true&starting_after=3');
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(stream.json()).toMatchObject({ form: 'stream', startingAfter: 3 });
    expect((await at('/input_items?limit=7&order=asc&after=msg_1&include[]=x')).json()).toMatchObject({
      asked: { keyId: 'key-1', responseId: 'resp_1', limit: 7, order: 'asc', after: 'msg_1' },
    });
    expect((await at('/input_items')).json()).toMatchObject({ asked: { limit: 20, order: 'desc' } });
    expect((await at('', 'DELETE')).json()).toEqual({ id: 'resp_1', object: 'response.deleted', deleted: true });
  });

  it.each([
    { path: '?stream=true&starting_after=-1', param: 'starting_after' },
    { path: '/input_items?limit=0', param: 'limit' },
    { path: '/input_items?limit=101', param: 'limit' },
    { path: '/input_items?order=up', param: 'order' },
  ])('is not read as $path', async ({ path, param }) => {
    await start();
    const reply = await at(path);
    expect([reply.status, reply.json()]).toMatchObject([400, { error: { param } }]);
  });

  it('cannot be cancelled, since none is made in the background', async () => {
    await start();
    expect((await at('/cancel', 'POST')).status).toBe(400);
  });

  it('is a 404 where there is none, and a 401 before that', async () => {
    const missing = async (): Promise<never> => {
      throw new GatewayError('not-found', "Response with id 'resp_1' not found.");
    };
    await start({ storedResponses: { read: missing, forget: missing, listInputItems: missing } });
    expect((await at('')).status).toBe(404);
    expect((await at('', 'DELETE')).status).toBe(404);
    expect((await at('/input_items')).json()).toMatchObject({ error: { code: 'not_found' } });
    expect((await ingress.send({ path: '/v1/responses/resp_1' })).status).toBe(401);
  });
});
