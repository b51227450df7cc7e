import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  RandomIdGenerator,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { UnrecordedContext } from './unrecorded-context.js';

/** Whose spans these are, where they go, and how many. */
export interface TracingOptions {
  readonly serviceName: string;
  /** Base address of an OTLP/HTTP receiver; absent means spans are made for propagation only. */
  readonly endpoint: string | undefined;
  /** Share of traces that are recorded, decided where a trace begins. */
  readonly sampleRatio: number;
}

const TRACER = 'bytespike';
const EXPORT_DELAY_MS = 1_000;
const QUEUE_SPANS_MAX = 8_192;
/** A receiver that is away must not keep a process from going down; the exporter itself would try for ten seconds. */
const LAST_EXPORT_MS = 2_000;

let rootRatio = 0;
const ids = new RandomIdGenerator();

/** Whether a trace that begins here is to be recorded: asked once for each, before anything is made for it. */
export const isRootRecorded = (): boolean => Math.random() < rootRatio;

/** One for all traces of this process that nobody records: no more is read from it than that it is not recorded. */
const UNRECORDED = `00-${ids.generateTraceId()}-${ids.generateSpanId()}-00`;
const UNRECORDED_ROOT = new UnrecordedContext(ROOT_CONTEXT, UNRECORDED);

/** A trace that nobody records: an id that tells all that follow, here and elsewhere, that it has been decided. */
export const unrecorded = (active: Context): Context =>
  active === ROOT_CONTEXT ? UNRECORDED_ROOT : new UnrecordedContext(active, UNRECORDED);

/** Starts tracing for this process; returns how to stop it, which rejects when the last spans could not be exported. */
export function startTracing({ serviceName, endpoint, sampleRatio }: TracingOptions): () => Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.namespace': 'bytespike' }),
    // Of traces that begin here only those are ever started as spans that are to be recorded.
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: endpoint ? [exportingTo(endpoint)] : [],
  });
  rootRatio = endpoint ? sampleRatio : 0;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return () => withinLimit(provider.shutdown(), LAST_EXPORT_MS);
}

async function withinLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not exported within ${limitMs} ms`)), limitMs);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

const exportingTo = (endpoint: string) =>
  new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }),
    scheduledDelayMillis: EXPORT_DELAY_MS,
    maxQueueSize: QUEUE_SPANS_MAX,
  });

/** The trace context to send along, as W3C headers; empty outside a trace. */
export function traceHeaders(): Record<string, string> {
  const active = context.active();
  if (active instanceof UnrecordedContext) return { traceparent: active.traceparent };
  const headers: Record<string, string> = {};
  propagation.inject(active, headers);
  return headers;
}

/** `00-<trace>-<span>-00`: a trace that whoever began it does not record. */
const UNRECORDED_FORM = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$/;

/** Runs `work` inside the trace that came with a message. */
export function continueTrace<T>(headers: Readonly<Record<string, string>>, work: () => T): T {
  const { traceparent } = headers;
  if (traceparent === undefined) return work();
  const active = context.active();
  // Nearly every message is of such a trace, whose other headers nobody will read.
  if (UNRECORDED_FORM.test(traceparent)) return context.with(new UnrecordedContext(active, traceparent), work);
  return context.with(propagation.extract(active, headers), work);
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span that a W3C `traceparent` names, when whoever began its trace records it. */
export function recordedSpan(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const traceFlags = Number.parseInt(flags, 16);
  return (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : { traceId, spanId, traceFlags, isRemote: true };
}

/** The id of the running trace; undefined outside one. Traces that nobody records share theirs. */
export const activeTraceId = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;

export const tracer = () => trace.getTracer(TRACER);
export const activeContext = (): Context => context.active();
