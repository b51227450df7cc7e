import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { activeTraceId, continueTrace, inSpan, startTracing, traceHeaders } from './index.js';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** An OTLP/HTTP receiver that remembers what it was sent. */
async function startReceiver() {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      for (const { scopeSpans } of body.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, spans, close: () => server.close() };
}

describe('tracing', () => {
  it('exports one trace across a hop that travelled as headers', async () => {
    const receiver = await startReceiver();
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
