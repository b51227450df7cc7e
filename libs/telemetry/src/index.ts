export { createLogger, type Logger, type LoggerOptions } from './logger.js';
export { collectProcessMetrics, metrics, registry } from './metrics.js';
export { SPAN_NAMES, type SpanName } from './span-names.js';
export { inLinkedSpan, inSpan, type Span, type SpanAttribute, type SpanOptions } from './span.js';
export { activeTraceId, continueTrace, startTracing, traceHeaders, type TracingOptions } from './tracing.js';
