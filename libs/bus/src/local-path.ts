import type { CallContext, StreamRequest, StreamSink } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';
import { inSpan } from '@bytespike/telemetry';

import { BUS_LIMITS } from './bus-limits.js';
import { CallLife, refuseDead, withinTimeout } from './call-life.js';
import { Delivery, type Delivering } from './delivery.js';
import { cancelled, normaliseError } from './errors.js';
import type { ServedRpc, ServedStream } from './registry.js';
import { SinkGate, writeAfterEnd } from './sink-gate.js';

/** An rpc to a handler in this process: a function call with the bus's deadline, cancel and errors. */
export function callLocally(served: ServedRpc, input: unknown, context: CallContext): Promise<unknown> {
  const { subject, timeoutMs } = served.contract;
  return new Promise((resolve, reject) => {
    refuseDead(subject, context);
    const life = new CallLife(subject, withinTimeout(context, timeoutMs), reject, served.lives).watchSoon();
    inSpan('serve', { kind: 'internal', subject }, () => served.handler(input, life)).then(
      (output) => {
        life.end();
        resolve(output);
      },
      (thrown: unknown) => {
        life.end();
        reject(normaliseError(thrown, subject));
      },
    );
  });
}

/**
 * A stream from a handler in this process. Frames go straight to the caller's sink; what the sink returns is the
 * producer's back-pressure. After an abort the producer has a moment to hand in its outcome.
 */
export function streamLocally(
  served: ServedStream,
  request: StreamRequest<unknown>,
  sink: StreamSink<unknown>,
  context: CallContext,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    refuseDead(served.contract.subject, context);
    new LocalStream(served, sink, context, resolve, reject).run(request);
  });
}

class LocalStream implements Delivering {
  private readonly subject: string;
  private readonly life: CallLife;
  private readonly delivery: Delivery<unknown>;
  private readonly gate: SinkGate<unknown>;
  private grace: NodeJS.Timeout | undefined;
  private ending: (() => void) | undefined;

  constructor(
    private readonly served: ServedStream,
    sink: StreamSink<unknown>,
    context: CallContext,
    private readonly resolve: (outcome: unknown) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.subject = served.contract.subject;
    this.life = new CallLife(this.subject, context, (why) => this.onStop(why), served.lives).watch();
    this.delivery = new Delivery(sink, this);
    this.gate = new SinkGate(this.subject, this.delivery);
  }

  run(request: StreamRequest<unknown>): void {
    const { subject, life, gate } = this;
    inSpan('serve', { kind: 'internal', subject }, () => this.served.handler(request, gate, life)).then(
      (outcome) => this.finish(() => this.resolve(outcome)),
      (thrown: unknown) => this.finish(() => this.reject(life.stopped ?? normaliseError(thrown, subject))),
    );
  }

  /** The producer is done; its last word comes after all that it has written has been read. */
  private finish(settle: () => void): void {
    this.gate.close(writeAfterEnd);
    const { tail } = this.delivery;
    if (!tail || this.life.stopped) return this.end(settle);
    this.ending = settle;
    tail.then(() => this.end(settle));
  }

  private onStop(why: GatewayError): void {
    this.delivery.close();
    if (this.ending) return this.end(this.ending);
    this.gate.close(cancelled);
    this.grace = setTimeout(() => this.reject(why), BUS_LIMITS.outcomeGraceMs);
  }

  /** Nobody is to be granted anything: the producer waits for the reader itself. */
  onRead(): void {}

  onReaderFailure(error: unknown): void {
    this.reject(error);
    this.life.stop(cancelled(this.subject));
  }

  private end(settle: () => void): void {
    clearTimeout(this.grace);
    this.life.end();
    settle();
  }
}
