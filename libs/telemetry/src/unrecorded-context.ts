import { createContextKey, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';

/** Where OpenTelemetry keeps the span of a context; a key of the same description is the same key. */
const SPAN = createContextKey('OpenTelemetry Context Key SPAN');

/**
 * A context in a trace that nobody records. To every reader it is what `trace.setSpanContext` makes, which copies all
 * that its parent holds: every message of nearly every request has one of these.
 */
export class UnrecordedContext implements Context {
  private readonly span: Span;

  constructor(
    private readonly parent: Context,
    /** `00-<trace>-<span>-00`, as the W3C header says it. */
    readonly traceparent: string,
  ) {
    const [, traceId = '', spanId = ''] = traceparent.split('-');
    this.span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.NONE });
  }

  getValue(key: symbol): unknown {
    return key === SPAN ? this.span : this.parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return trace.setSpan(this.parent, this.span).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return trace.setSpan(this.parent, this.span).deleteValue(key);
  }
}
