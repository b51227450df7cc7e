import { createServer, type Server } from 'node:http';

import { submitTask, untilEnded } from './media/tasks.js';
import { eventually, mode, platform, postJson } from './platform.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly service: string;
}

/** An OTLP/HTTP receiver at the port the platform was told to export to. */
function startReceiver(): { spans: Span[]; server: Server } {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: {
        resource: { attributes: { key: string; value: { stringValue: string } }[] };
        scopeSpans: { spans: Omit<Span, 'service'>[] }[];
      }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')!.value.stringValue;
      for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service })));
    }
    response.end('{}');
  });
  server.listen(Number(process.env['BYTESPIKE_OTLP_PORT']), '127.0.0.1');
  return { spans, server };
}

describe('a request', () => {
  let receiver: ReturnType<typeof startReceiver>;
  beforeAll(async () => {
    receiver = startReceiver();
    // What ran before had no receiver: the queue of spans may be full, and what is made until it is emptied is dropped.
    await postJson('/v1/messages', {});
    await eventually(() => Promise.resolve(receiver.spans.length > 0 || undefined));
  });
  afterAll(() => receiver.server.close());

  it('is one trace across every hop', async () => {
    const response = await postJson('/v1/messages', {
      model: 'gpt-5-4',
      max_tokens: 32,
      messages: [{ role: 'user', content: `say: traced ${Math.random()}` }],
    });
    expect(response.status).toBe(200);
    await response.text();
    const services =
      mode === 'split' ? ['ingress', 'router', 'billing-ledger', 'translator', 'upstream-adapters'] : ['all-in-one'];
    const requestId = response.headers.get('request-id')!;
    const isRoot = ({ attributes }: Span): boolean =>
      attributes.some(({ key, value }) => key === 'gw.request_id' && value.stringValue === requestId);
    // Each process exports for itself, so the parts of a trace arrive one after another, parents after children too.
    const spans = await eventually(async () => {
      const root = receiver.spans.find(isRoot);
      const all = receiver.spans.filter(({ traceId }) => traceId === root?.traceId);
      const ids = new Set(all.map(({ spanId }) => spanId));
      const isJoined = all.every((span) => span === root || ids.has(span.parentSpanId ?? ''));
      const isWhole = services.every((service) => all.some((span) => span.service === service));
      return isJoined && isWhole && all.some(({ name }) => name.startsWith('chat ')) ? all : undefined;
    });
    expect(spans.filter(isRoot)).toHaveLength(1);
    expect(JSON.stringify(spans)).not.toContain('traced');
  });

  it('is what the work on its task is linked to', async () => {
    const params = { prompt: '[[fault: render-ms=300]] traced', duration_seconds: 1 };
    const { task_id: id } = await submitTask(platform.keys.default, { model: 'seedance-fast', params });
    await untilEnded(platform.keys.default, id);
    const linked = await eventually(async () => {
      const isRoot = ({ name }: Span): boolean => name.includes('/v1/tasks/submit');
      const roots = new Set(receiver.spans.filter(isRoot).map(({ traceId }) => traceId));
      const found = receiver.spans.filter(({ links }) => links?.some(({ traceId }) => roots.has(traceId)));
      return found.length > 0 ? found : undefined;
    });
    expect(linked.map(({ service }) => service)).toContain(mode === 'split' ? 'task-worker' : 'all-in-one');
    expect(JSON.stringify(receiver.spans)).not.toContain('traced');
  });
});
