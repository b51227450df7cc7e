import { answering, type Run } from '../testing/fake-platform.js';
import { open, type Asked, type Reply } from '../testing/http-client.js';
import { MemoryAnswerStore } from '../testing/memory-answer-store.js';
import { ASKING, runIngress, STREAMING, type IngressUnderTest } from '../testing/run-ingress.js';
import { cancelled, failed, head } from '../testing/samples.js';
import { nextConnectionLost, requestsArrived } from '../testing/server-side.js';
import { step, until, whenAborted } from '../testing/steps.js';

let ingress: IngressUnderTest;
let store: MemoryAnswerStore;
beforeEach(() => {
  store = new MemoryAnswerStore();
});
afterEach(() => ingress.stop());

const named = (asked: Asked, key = 'order-1', headers: Record<string, string> = {}): Asked => ({
  ...asked,
  headers: { ...asked.headers, 'idempotency-key': key, ...headers },
});
const cases = (['messages', 'chat', 'responses', 'gemini'] as const).flatMap((dialect) => [
  { name: `${dialect}, whole`, asked: ASKING[dialect], contentType: 'application/json' },
  { name: `${dialect}, streaming`, asked: STREAMING[dialect], contentType: 'text/event-stream' },
]);
const endings = (): string[] => ingress.heard.facts.map(({ outcome }) => outcome.ending);
const settled = (count: number): Promise<void> => until(() => ingress.heard.facts.length >= count);
const code = (reply: Reply) => (reply.json() as { error: { code?: string } }).error.code;

/** A run that ends when the test says so, and how often it began. */
function heldBack(run: Run) {
  const next = step();
  const begun: string[] = [];
  const generate: Run = async (sink, context, request) => {
    begun.push(context.requestId);
    await next.done;
    return run(sink, context, request);
  };
  return { generate, begun, release: () => next.take() };
}

describe('a request that its caller has named', () => {
  it.each(cases)('is answered once: $name', async ({ asked, contentType }) => {
    const pieces = ['data: {"text":"größe"}\n\n', ': ping\n\n', 'data: [DONE]\n\n'];
    ingress = await runIngress(
      { generate: answering(pieces, { contentType, headers: { 'x-vendor': 'one' }, warnings: ['L60'] }) },
      { answerStore: store },
    );
    const first = await ingress.send(named(asked));
    const again = await ingress.send(named(asked));
    expect(again.body).toEqual(first.body);
    expect(first.body.toString()).toBe(pieces.join(''));
    const { 'request-id': id, 'x-vendor': vendor, 'x-gateway-warnings': warnings } = first.headers;
    expect(again).toMatchObject({ status: 200, whole: true });
    expect(again.headers).toMatchObject({
      'request-id': id,
      'x-request-id': id,
      'content-type': contentType,
      'x-vendor': vendor,
      'x-gateway-warnings': warnings,
      'x-ratelimit-limit': '5.00',
      'idempotent-replayed': 'true',
    });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(again.headers).not.toHaveProperty('x-estimated-credits');
    await settled(1);
    expect([ingress.heard.generated.length, ingress.heard.held.length, endings()]).toEqual([1, 1, ['complete']]);
  });

  it('is one run for twenty that come at once, and twenty equal answers', async () => {
    const run = heldBack(answering(['{"n":', '1}']));
    ingress = await runIngress({ generate: run.generate }, { answerStore: store });
    const arrived = requestsArrived(20);
    const asked = Array.from({ length: 20 }, () => ingress.send(named(ASKING.chat)));
    await Promise.all([arrived, until(() => run.begun.length > 0)]);
    run.release();
    const replies = await Promise.all(asked);
    expect(new Set(replies.map(({ status, body }) => `${status} ${body.toString()}`))).toEqual(
      new Set(['200 {"n":1}']),
    );
    expect(new Set(replies.map(({ headers }) => headers['request-id'])).size).toBe(1);
    expect(replies.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    await settled(1);
    expect([run.begun.length, endings()]).toEqual([1, ['complete']]);
  });

  it('is run anew after a failure, by one of those that wait', async () => {
    const gates = [step(), step()];
    let runs = 0;
    ingress = await runIngress(
      {
        generate: async (sink, context, request) => {
          const number = (runs += 1);
          await gates[number - 1]?.done;
          if (number === 1) return failed({ kind: 'upstream-timeout', message: 'slow' });
          return answering(['{"run":2}'])(sink, context, request);
        },
      },
      { answerStore: store },
    );
    const arrived = requestsArrived(5);
    const asked = Array.from({ length: 5 }, () => ingress.send(named(ASKING.messages)));
    await arrived;
    gates[0]?.take();
    await until(() => runs === 2);
    gates[1]?.take();
    const replies = await Promise.all(asked);
    const told = replies.map(({ status, body }) => (status === 200 ? body.toString() : String(status)));
    expect(told.sort()).toEqual(['504', '{"run":2}', '{"run":2}', '{"run":2}', '{"run":2}']);
    await settled(2);
    expect([runs, endings()]).toEqual([2, ['failed', 'complete']]);
  });

  it('is run anew when its client left in the middle, and only what was delivered of it is charged', async () => {
    let runs = 0;
    ingress = await runIngress(
      {
        generate: async (sink, context, request) => {
          runs += 1;
          if (runs > 1) return answering(['data: all\n\n'])(sink, context, request);
          await sink.head(head);
          await sink.data(Buffer.from('data: some\n\n'));
          await whenAborted(context.signal);
          return cancelled;
        },
      },
      { answerStore: store },
    );
    const lost = nextConnectionLost();
    const first = await open(ingress.address, named(STREAMING.messages));
    first.destroy();
    await lost;
    const again = await ingress.send(named(STREAMING.messages));
    expect(again.body.toString()).toBe('data: all\n\n');
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
    await settled(2);
    expect(endings()).toEqual(['cancelled', 'complete']);
  });

  it.each(cases)('is a conflict with another body: $name', async ({ asked }) => {
    ingress = await runIngress({}, { answerStore: store });
    await ingress.send(named(asked));
    const reply = await ingress.send(named({ ...asked, body: `${asked.body} ` }));
    expect([reply.status, reply.headers['x-should-retry']]).toEqual([409, 'false']);
    expect(reply.body.toString()).toContain('Idempotency-Key');
    expect(ingress.heard.generated).toHaveLength(1);
  });

  it('is a conflict with another body while the first runs', async () => {
    const run = heldBack(answering(['{}']));
    ingress = await runIngress({ generate: run.generate }, { answerStore: store });
    const first = ingress.send(named(ASKING.chat));
    await until(() => run.begun.length > 0);
    const other = await ingress.send(named({ ...ASKING.chat, body: '{"model":"model-two"}' }));
    run.release();
    expect([other.status, code(other), (await first).status]).toEqual([409, 'idempotency_conflict', 200]);
  });

  it.each([
    { what: 'the version asked for', headers: { 'anthropic-version': '2024-01-01' } },
    { what: 'a beta', headers: { 'anthropic-beta': 'one' } },
    { what: 'the policy of losses', headers: { 'x-gateway-policy': 'strict' } },
  ] as readonly { what: string; headers: Record<string, string> }[])(
    'is a conflict when $what differs',
    async ({ headers }) => {
      ingress = await runIngress({}, { answerStore: store });
      await ingress.send(named(ASKING.messages));
      expect((await ingress.send(named(ASKING.messages, 'order-1', headers))).status).toBe(409);
    },
  );

  it('is the same one whatever its client says of itself, and however it writes the address', async () => {
    ingress = await runIngress({}, { answerStore: store });
    await ingress.send(named(ASKING.messages));
    const again = await ingress.send(
      named({ ...ASKING.messages, path: '/v1/v1/messages' }, 'order-1', {
        'x-stainless-retry-count': '1',
        'user-agent': 'another',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
    );
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
  });

  it('has its name on one route only', async () => {
    ingress = await runIngress({}, { answerStore: store });
    await ingress.send(named(ASKING.messages));
    const counted = await ingress.send(named({ ...ASKING.messages, path: '/v1/messages/count_tokens' }));
    expect([counted.status, ingress.heard.generated.length]).toEqual([200, 2]);
  });

  it('keeps a count too', async () => {
    ingress = await runIngress({}, { answerStore: store });
    const asked = named({ ...ASKING.messages, path: '/v1/messages/count_tokens' });
    await ingress.send(asked);
    expect((await ingress.send(asked)).headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(ingress.heard.generated).toHaveLength(1);
  });

  it.each([
    ['an empty one', ''],
    ['one of 256 characters', 'k'.repeat(256)],
    ['one beyond ASCII', 'clé'],
  ])('is refused with %s', async (_, key) => {
    ingress = await runIngress({}, { answerStore: store });
    const reply = await ingress.send(named(ASKING.chat, key));
    expect([reply.status, reply.json()]).toEqual([
      400,
      { error: expect.objectContaining({ param: 'Idempotency-Key', code: 'invalid_param' }) },
    ]);
    expect([ingress.heard.generated.length, store.asked]).toEqual([0, 0]);
  });

  it('is refused while the store is away, before anything is held or asked', async () => {
    store.isAway = true;
    ingress = await runIngress({}, { answerStore: store });
    const reply = await ingress.send(named(ASKING.chat));
    expect([reply.status, code(reply), reply.headers['retry-after']]).toEqual([503, 'unavailable', '2']);
    expect([ingress.heard.held.length, ingress.heard.generated.length]).toEqual([0, 0]);
  });

  it('is told to no vendor', async () => {
    ingress = await runIngress({}, { answerStore: store });
    await ingress.send(named(ASKING.messages));
    expect(JSON.stringify(ingress.heard.generated[0]?.input)).not.toContain('order-1');
  });
});

describe('a request without a name', () => {
  it('is never merged with an equal one, and asks no store', async () => {
    const run = heldBack(answering(['{}']));
    ingress = await runIngress({ generate: run.generate }, { answerStore: store });
    const asked = [ingress.send(ASKING.chat), ingress.send(ASKING.chat)];
    await until(() => run.begun.length === 2);
    run.release();
    await Promise.all(asked);
    await settled(2);
    expect([endings(), store.asked]).toEqual([['complete', 'complete'], 0]);
  });
});
