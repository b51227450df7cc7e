import type { CallContext } from '@bytespike/contracts';
import type { Exchange, HttpClient } from '@bytespike/http-client';
import { GatewayError } from '@bytespike/kernel';

import type { VendorRequest } from '../domain/vendor-request.js';
import { Answer, type AnsweringOptions, type AnswerListener } from './answer.js';
import type { AttemptEnd } from './attempt-end.js';

export interface AttemptTimeouts {
  /** From the request sent to the first content. */
  readonly firstContentMs: number;
  readonly stallMs: number;
  /** From one look at a stream that has said its end to the next, which closes it. */
  readonly afterEndMs: number;
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
export const runAttempt = (
  request: VendorRequest,
  answering: AnsweringOptions,
  context: CallContext,
  ports: AttemptPorts,
): Promise<AttemptRun> => new RunningAttempt(answering, context, ports).run(request);

/** One call while it is under way: as long as its caller stays and its vendor's answer begins in time. */
class RunningAttempt implements AnswerListener {
  private readonly startedAt: number;
  private readonly started = performance.now();
  private readonly answer: Answer;
  private exchange: Exchange | undefined;
  private patience: NodeJS.Timeout | undefined;
  private firstContentMs: number | undefined;
  private hadEnded = false;

  constructor(
    answering: AnsweringOptions,
    private readonly context: CallContext,
    private readonly ports: AttemptPorts,
  ) {
    this.startedAt = ports.now();
    this.answer = new Answer(answering, this, ports.now);
  }

  async run(request: VendorRequest): Promise<AttemptRun> {
    const { startedAt, started, answer } = this;
    const { signal } = this.context;
    let thrown: GatewayError | undefined;
    try {
      if (!signal.aborted) thrown = await this.call(request);
    } finally {
      clearTimeout(this.patience);
      signal.removeEventListener('abort', this.leave);
    }
    const end = await answer.finish(thrown, signal.aborted ? 'left' : 'stayed');
    const { status } = answer;
    return { end, status, startedAt, firstContentMs: this.firstContentMs, durationMs: performance.now() - started };
  }

  onContent(): void {
    clearTimeout(this.patience);
    this.firstContentMs = performance.now() - this.started;
    if (this.answer.isStream) this.patience = setInterval(this.look, this.ports.timeouts.afterEndMs);
  }

  onRefusal(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(this.giveUp, REFUSAL_BODY_MS);
  }

  /** Resolves with why the exchange broke; with nothing when it ended well. */
  private call({ url, headers, body }: VendorRequest): Exchange['ended'] {
    const { context, ports } = this;
    const { firstContentMs, stallMs } = ports.timeouts;
    // Our patience ends before a wait for the first byte would that begins later, when the request has been sent.
    const timeouts = { firstByteMs: 0, stallMs };
    this.patience = setTimeout(this.giveUp, Math.max(0, Math.min(firstContentMs, context.deadline - this.startedAt)));
    context.signal.addEventListener('abort', this.leave, { once: true });
    this.exchange = ports.http.open({ url, headers, body, method: 'POST', timeouts }, this.answer);
    return this.exchange.ended;
  }

  private readonly leave = (): void => this.exchange?.close(new GatewayError('cancelled', 'the caller left'));
  /** Whoever has said the end may say a little more, a report for example, but not keep the caller for ever. */
  private readonly look = (): void => {
    if (this.hadEnded) this.exchange?.close(new GatewayError('upstream-timeout', 'the answer went on after its end'));
    this.hadEnded = this.answer.hasEnded();
  };
  private readonly giveUp = (): void =>
    this.exchange?.close(new GatewayError('upstream-timeout', 'no content in time'));
}
