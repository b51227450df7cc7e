import type { CallContext } from '@bytespike/contracts';
import type { HttpClient } from '@bytespike/http-client';
import { GatewayError } from '@bytespike/kernel';

import type { VendorRequest } from '../domain/vendor-request.js';
import { createAnswer, type AnswerOptions } from './answer.js';
import type { AttemptEnd } from './attempt-end.js';

export interface AttemptTimeouts {
  /** From the request sent to the first content. */
  readonly firstContentMs: number;
  readonly stallMs: number;
}

export interface AttemptPorts {
  readonly http: HttpClient;
  readonly timeouts: AttemptTimeouts;
  readonly now: () => number;
}

export interface AttemptRun {
  readonly end: AttemptEnd;
  readonly status: number | undefined;
  readonly startedAt: number;
  readonly firstContentMs: number | undefined;
  readonly durationMs: number;
}

/** Calls a vendor once. It never throws for what a vendor does; the end says it. */
export async function runAttempt(
  request: VendorRequest,
  answering: Omit<AnswerOptions, 'onContent' | 'now'>,
  context: CallContext,
  { http, timeouts, now }: AttemptPorts,
): Promise<AttemptRun> {
  const startedAt = now();
  const started = performance.now();
  let firstContentMs: number | undefined;
  const closing = new AbortController();
  const leave = (): void => closing.abort(new GatewayError('cancelled', 'the caller left'));
  const firstContent = setTimeout(
    () => closing.abort(new GatewayError('upstream-timeout', 'no content in time')),
    timeouts.firstContentMs,
  );
  const answer = createAnswer({
    ...answering,
    now,
    onContent: () => {
      clearTimeout(firstContent);
      firstContentMs = performance.now() - started;
    },
  });
  if (context.signal.aborted) leave();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    const sent = http.send(
      {
        ...request,
        method: 'POST',
        signal: closing.signal,
        timeouts: { firstByteMs: timeouts.firstContentMs, stallMs: timeouts.stallMs },
      },
      answer,
    );
    const thrown = await sent.then(() => undefined, GatewayError.from);
    const end = await answer.finish(thrown, context.signal.aborted ? 'left' : 'stayed');
    return { end, status: answer.status(), startedAt, firstContentMs, durationMs: performance.now() - started };
  } finally {
    clearTimeout(firstContent);
    context.signal.removeEventListener('abort', leave);
  }
}
