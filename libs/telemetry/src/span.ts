import { context, SpanKind, SpanStatusCode, trace, TraceFlags, type Span as OtelSpan } from '@opentelemetry/api';

import type { SpanName } from './span-names.js';
import { activeContext, isRootRecorded, tracer, unrecorded } from './tracing.js';

export type SpanAttribute = string | number | boolean;

export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'internal';
  readonly attributes?: Readonly<Record<string, SpanAttribute>>;
  /** What the generic name is about: `chat` + `claude-sonnet-4-6`. From a closed set, never caller text. */
  readonly subject?: string;
}

/** What a rim may say about the work it is doing. Prompt or completion text is never an attribute. */
export interface Span {
  set(key: string, value: SpanAttribute | undefined): void;
  fail(error: unknown): void;
}

const SILENT: Span = { set: () => undefined, fail: () => undefined };

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const;

/** Runs `work` in a span of its own, which ends when the returned promise does, failed if it rejects. */
export async function inSpan<T>(name: SpanName, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const active = activeContext();
  const parent = trace.getSpanContext(active);
  // Inside a trace that is not recorded a child span could only cost time.
  if (parent && (parent.traceFlags & TraceFlags.SAMPLED) === 0) return work(SILENT);
  if (!parent && !isRootRecorded()) return context.with(unrecorded(active), work, undefined, SILENT);
  const title = options.subject === undefined ? name : `${name} ${options.subject}`;
  const span = tracer().startSpan(title, {
    kind: KINDS[options.kind ?? 'internal'],
    ...(options.attributes && { attributes: options.attributes }),
  });
  try {
    return await context.with(trace.setSpan(active, span), work, undefined, recording(span));
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

const recording = (span: OtelSpan): Span => ({
  set: (key, value) => {
    if (value !== undefined) span.setAttribute(key, value);
  },
  fail: (error) => markFailed(span, error),
});

function markFailed(span: OtelSpan, error: unknown): void {
  const kind = (error as { kind?: unknown } | undefined)?.kind;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', typeof kind === 'string' ? kind : error instanceof Error ? error.name : '_OTHER');
}
