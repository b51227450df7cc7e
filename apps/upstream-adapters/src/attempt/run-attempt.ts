import type { CallContext } from '@bytespike/contracts';
import type { HttpClient } from '@bytespike/http-client';
import { GatewayError } from '@bytespike/kernel';

import type { VendorRequest } from '../domain/vendor-request.js';
import { createAnswer, type AnsweringOptions } from './answer.js';
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

/** How long the body of a refusal is waited for; its status has said most of it. */
const REFUSAL_BODY_MS = 2_000;

/** Calls a vendor once. It never throws for what a vendor does; the end says it. */
export async function runAttempt(
  request: VendorRequest,
  answering: AnsweringOptions,
  context: CallContext,
  { http, timeouts, now }: AttemptPorts,
): Promise<AttemptRun> {
  const startedAt = now();
  const started = performance.now();
  let firstContentMs: number | undefined;
  const closing = new AbortController();
  const leave = (): void => closing.abort(new GatewayError('cancelled', 'the caller left'));
  const close = (): void => closing.abort(new GatewayError('upstream-timeout', 'no content in time'));
  const patienceMs = Math.max(0, Math.min(timeouts.firstContentMs, context.deadline - startedAt));
  let patience = setTimeout(close, patienceMs);
  const answer = createAnswer({
    ...answering,
    now,
    onContent: () => {
      clearTimeout(patience);
      firstContentMs = performance.now() - started;
    },
    onRefusal: () => {
      clearTimeout(patience);
      patience = setTimeout(close, REFUSAL_BODY_MS);
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
    clearTimeout(patience);
    context.signal.removeEventListener('abort', leave);
  }
}
