import type { CallContext, Target } from '@bytespike/contracts';
import { GatewayError, type Usage } from '@bytespike/kernel';
import { inSpan, metrics, type Span } from '@bytespike/telemetry';

import type { AttemptEnd } from './attempt/attempt-end.js';
import type { AnsweringOptions } from './attempt/answer.js';
import { runAttempt, type AttemptPorts, type AttemptRun } from './attempt/run-attempt.js';
import type { VendorRequest } from './domain/vendor-request.js';

/** One attempt in a client span of its own: the only place where usage is an attribute (architecture, section 10). */
export function observedAttempt(
  request: VendorRequest,
  answering: AnsweringOptions,
  target: Target,
  context: CallContext,
  ports: AttemptPorts,
): Promise<AttemptRun> {
  const { vendor, model, upstreamModel, channelId } = target;
  return inSpan('chat', { kind: 'client', subject: model }, async (span) => {
    span.set('gen_ai.operation.name', 'chat');
    span.set('gen_ai.provider.name', vendor);
    span.set('gen_ai.request.model', upstreamModel);
    span.set('gw.channel', channelId);
    const run = await runAttempt(request, answering, context, ports);
    describe(span, run.end, run);
    metrics.upstreamAttempts.inc({ vendor, model, kind: kindOf(run.end) ?? '' });
    return run;
  });
}

const kindOf = (end: AttemptEnd): string | undefined =>
  end.ended === 'served' ? undefined : end.ended === 'cancelled' ? 'cancelled' : end.failure.kind;

function describe(span: Span, end: AttemptEnd, { status, firstContentMs }: AttemptRun): void {
  span.set('http.response.status_code', status);
  span.set('gw.first_content_ms', firstContentMs);
  if (end.ended !== 'refused') {
    span.set('gen_ai.response.finish_reasons', end.reading.finish);
    describeUsage(span, end.reading.usage);
  }
  if (end.ended === 'refused' || end.ended === 'broken')
    span.fail(new GatewayError(end.failure.kind, 'the vendor failed'));
}

function describeUsage(span: Span, usage: Usage | undefined): void {
  if (usage === undefined) return;
  const { input = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite30m = 0, cacheWrite1h = 0, cacheWrite12h = 0 } = usage;
  const written = cacheWrite5m + cacheWrite30m + cacheWrite1h + cacheWrite12h;
  span.set('gen_ai.usage.input_tokens', input + cacheRead + written + (usage.toolInput ?? 0));
  span.set('gen_ai.usage.output_tokens', (usage.output ?? 0) + (usage.reasoning ?? 0));
  span.set('gen_ai.usage.cache_read.input_tokens', cacheRead);
  span.set('gen_ai.usage.cache_creation.input_tokens', written);
}
