import { context, createContextKey, propagation, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

import { continueTrace, startTracing, traceHeaders } from './index.js';
import { UnrecordedContext } from './unrecorded-context.js';

const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE };
const OTHER = createContextKey('other');
const under = ROOT_CONTEXT.setValue(OTHER, 'kept');

describe('the context of a trace that nobody records', () => {
  const ours = new UnrecordedContext(under, `00-${spanContext.traceId}-${spanContext.spanId}-00`);
  const theirs = trace.setSpanContext(under, spanContext);

  it('reads as the one that OpenTelemetry makes', () => {
    for (const one of [ours, ours.setValue(OTHER, 'kept'), theirs]) {
      expect(trace.getSpanContext(one)).toEqual(spanContext);
      expect(trace.getSpan(one)?.isRecording()).toBe(false);
      expect(one.getValue(OTHER)).toBe('kept');
    }
    expect(ours.deleteValue(OTHER).getValue(OTHER)).toBeUndefined();
    expect(trace.getSpanContext(trace.deleteSpan(ours))).toBeUndefined();
    expect(trace.getSpanContext(trace.deleteSpan(theirs))).toBeUndefined();
  });

  it('gives way to a span that is set over it', () => {
    const span = trace.wrapSpanContext({ ...spanContext, traceFlags: TraceFlags.SAMPLED });
    expect(trace.getSpan(trace.setSpan(ours, span))).toBe(span);
    expect(trace.setSpan(ours, span).getValue(OTHER)).toBe('kept');
  });

  it('travels on with the headers that the W3C propagator would write', async () => {
    const stop = startTracing({ serviceName: 'test', endpoint: undefined, sampleRatio: 1 });
    const written: Record<string, string> = {};
    new W3CTraceContextPropagator().inject(theirs, written, {
      set: (carrier: Record<string, string>, key, value) => (carrier[key] = value),
    });
    expect(context.with(ours, traceHeaders)).toEqual(written);
    expect(continueTrace(written, traceHeaders)).toEqual(written);
    expect(continueTrace(written, () => trace.getSpanContext(context.active()))).toEqual(spanContext);
    const almost = { traceparent: `${String(written['traceparent'])}-and-more` };
    expect(continueTrace(almost, traceHeaders)).toEqual(
      context.with(propagation.extract(context.active(), almost), traceHeaders),
    );
    await stop();
  });
});
