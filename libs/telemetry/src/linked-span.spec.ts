import { inLinkedSpan, inSpan, startTracing, traceHeaders } from './index.js';
import { startSpanReceiver } from './testing/span-receiver.js';

describe('a span of work that nobody waits for', () => {
  it('is linked to the request that asked for it, in a trace of its own, where the request is recorded', async () => {
    const receiver = await startSpanReceiver();
    const stop = startTracing({ serviceName: 'test', endpoint: receiver.endpoint, sampleRatio: 1 });
    const { traceparent } = await inSpan('request', { kind: 'server' }, async () => traceHeaders());
    const unrecorded = `${String(traceparent).slice(0, -2)}00`;
    await inSpan('serve', {}, () => inLinkedSpan('callback', { linkedTo: traceparent }, async () => undefined));
    for (const linkedTo of [unrecorded, undefined, 'not one'])
      await inLinkedSpan('render', { linkedTo }, () => inSpan('store', {}, async () => undefined));
    await stop();
    receiver.close();

    const [request, told] = ['request', 'callback'].map((name) => receiver.spans.find((span) => span.name === name));
    expect(told?.links).toMatchObject([{ traceId: request?.traceId, spanId: request?.spanId }]);
    expect(told?.parentSpanId ?? '').toBe('');
    expect(told?.traceId).not.toBe(request?.traceId);
    expect(receiver.spans.map(({ name }) => name).sort()).toEqual(['callback', 'request', 'serve']);
  });
});
