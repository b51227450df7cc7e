import { submitTask, untilEnded } from './media/tasks.js';
import { eventually, mode, platform, postJson } from './platform.js';
import { startTraceReceiver, type TraceReceiver } from './trace-receiver.js';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly service: string;
}

/** One body of OTLP's JSON. */
interface TraceExport {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service'>[] }[];
  }[];
}

function spansOf(body: string): Span[] {
  const { resourceSpans } = JSON.parse(body) as TraceExport;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')!.value.stringValue;
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}

describe('a request', () => {
  let receiver: TraceReceiver;
  const received = (): Span[] => receiver.bodies.flatMap(spansOf);
  beforeAll(async () => {
    receiver = await startTraceReceiver();
  });
  afterAll(() => receiver.stop());

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
      const exported = received();
      const root = exported.find(isRoot);
      const all = exported.filter(({ traceId }) => traceId === root?.traceId);
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
      const exported = received();
      const roots = new Set(exported.filter(isRoot).map(({ traceId }) => traceId));
      const found = exported.filter(({ links }) => links?.some(({ traceId }) => roots.has(traceId)));
      return found.length > 0 ? found : undefined;
    });
    expect(linked.map(({ service }) => service)).toContain(mode === 'split' ? 'task-worker' : 'all-in-one');
    expect(JSON.stringify(received())).not.toContain('traced');
  });
});
