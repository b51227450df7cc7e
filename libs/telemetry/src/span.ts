import {
  context,
  SpanKind,
  SpanStatusCode,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type Link,
  type Span as OtelSpan,
} from '@opentelemetry/api';

import type { SpanName } from './span-names.js';
import { activeContext, isRootRecorded, recordedSpan, tracer, unrecorded } from './tracing.js';

export type SpanAttribute = string | number | boolean;

/** What is known of a piece of work before it begins. */
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

/** Runs `work` in a span of its own, which ends when the returned promise does, failed if it rejects. Never throws. */
export function inSpan<T>(name: SpanName, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const active = activeContext();
  const parent = trace.getSpanContext(active);
  // Inside a trace that is not recorded a child span could only cost time.
  if (parent && (parent.traceFlags & TraceFlags.SAMPLED) === 0) return inSilence(work);
  if (!parent && !isRootRecorded()) return context.with(unrecorded(active), inSilence<T>, undefined, work);
  return runSpan({ name, options, under: active }, work);
}

/** The work's own promise: nearly all work is recorded by nobody, and another promise around it would be all that is left. */
function inSilence<T>(work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return work(SILENT);
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Runs `work` in a span that begins a trace of its own, linked to the request that asked for the work long ago (a W3C
 * `traceparent`). It is recorded when that request was.
 */
export async function inLinkedSpan<T>(
  name: SpanName,
  { linkedTo, ...options }: SpanOptions & { readonly linkedTo: string | undefined },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const request = linkedTo === undefined ? undefined : recordedSpan(linkedTo);
  if (!request) return context.with(unrecorded(ROOT_CONTEXT), work, undefined, SILENT);
  return runSpan({ name, options, under: ROOT_CONTEXT, links: [{ context: request }] }, work);
}

interface SpanStart {
  readonly name: SpanName;
  readonly options: SpanOptions;
  readonly under: Context;
  readonly links?: Link[];
}

async function runSpan<T>({ name, options, under, links }: SpanStart, work: (span: Span) => Promise<T>): Promise<T> {
  const { subject, kind = 'internal', attributes } = options;
  const title = subject === undefined ? name : `${name} ${subject}`;
  const settings = { kind: KINDS[kind], ...(attributes && { attributes }), ...(links && { links }) };
  const span = tracer().startSpan(title, settings, under);
  try {
    return await context.with(trace.setSpan(under, span), work, undefined, recording(span));
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
