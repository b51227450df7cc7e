import { activeTraceId, inSpan, startTracing } from '@bytespike/telemetry';

import type { Subject } from './subject.js';
import { contextOf, HEAD, OUTCOME, RUN } from './probe.js';

export function describeTrace({ serve }: Subject): void {
  describe('trace', () => {
    let stop: () => Promise<void>;
    beforeAll(() => {
      stop = startTracing({ serviceName: 'bus-conformance', endpoint: undefined, sampleRatio: 0 });
    });
    afterAll(() => stop());

    it('of the caller is the trace of the handler, and of the reader', async () => {
      const seen: unknown[] = [];
      const client = await serve({
        ask: async () => ({ answer: activeTraceId() ?? 'none' }),
        run: async (_request, sink) => {
          seen.push(activeTraceId());
          await sink.head(HEAD);
          await new Promise(setImmediate);
          await sink.data(Buffer.from('x'));
          return OUTCOME;
        },
      });
      const traceId = await inSpan('request', {}, async () => {
        seen.push((await client.ask({ about: '' }, contextOf())).answer);
        const sink = { head: () => undefined, data: () => void seen.push(activeTraceId()) };
        await client.run(RUN, sink, contextOf());
        return activeTraceId();
      });
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(seen).toEqual([traceId, traceId, traceId]);
    });
  });
}
