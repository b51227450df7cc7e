import { activeTraceId, continueTrace, inSpan, startTracing, traceHeaders } from './index.js';
import { startSpanReceiver } from './testing/span-receiver.js';

describe('tracing', () => {
  it('exports one trace across a hop that travelled as headers', async () => {
    const receiver = await startSpanReceiver();
    const stop = startTracing({ serviceName: 'test', endpoint: receiver.endpoint, sampleRatio: 1 });

    const headers = await inSpan('request', { kind: 'server' }, async () => traceHeaders());
    await continueTrace(headers, () =>
      inSpan('serve', { subject: 'routing.v1.plan' }, async (span) => {
        span.set('gw.attempt', 1);
        expect(headers['traceparent']).toContain(activeTraceId());
      }),
    );
    await expect(inSpan('chat', {}, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await stop();
    receiver.close();

    const named = (name: string) => receiver.spans.find((span) => span.name === name);
    expect(named('serve routing.v1.plan')?.parentSpanId).toBe(named('request')?.spanId);
    expect(named('serve routing.v1.plan')?.traceId).toBe(named('request')?.traceId);
    expect(named('chat')).toBeDefined();
  });
});
