import type { GatewayError } from '@bytespike/kernel';
import { LIMITS } from '@bytespike/kernel';
import { continueTrace, inSpan } from '@bytespike/telemetry';
import type { Msg } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';
import type { BusLogger } from '../bus.js';
import { CallLife } from '../call-life.js';
import { cancelled, encodeError, normaliseError, unavailable } from '../errors.js';
import type { ServedStream } from '../registry.js';
import { SinkGate, writeAfterEnd } from '../sink-gate.js';
import type { Cancels } from './cancels.js';
import { CreditMeter } from './credit.js';
import { creditRecord, encodeFrame, FrameReader, RECORD, readCredit, textRecord, type RecordType } from './frame.js';
import type { Pulse } from './heartbeats.js';
import type { Link, Receiver } from './link.js';
import { RequestAssembly, type AssemblyBudget } from './request-assembly.js';
import { StreamWriter } from './stream-writer.js';
import { readContext } from './wire-context.js';
import { decodeValue, encodeValue, textOf } from './wire-json.js';

export interface StreamServerParts {
  readonly link: Link;
  readonly cancels: Cancels;
  readonly logger: BusLogger;
  readonly budget: AssemblyBudget;
}

/** Serves one stream; resolves, when its last frame has left, with the error it ended with, if any. */
export const serveStream = (
  parts: StreamServerParts,
  served: ServedStream,
  message: Msg,
): Promise<GatewayError | undefined> =>
  new Promise((resolve) => new ServedStreamCall(parts, served, message, resolve).begin());

/** The producer's side of one stream: puts the request together, runs the handler, sends what it makes as credit allows. */
class ServedStreamCall implements Receiver, Pulse {
  heard = false;
  quietTicks = 0;
  private readonly subject: string;
  private readonly address: string;
  private readonly trace: Record<string, string>;
  private readonly life: CallLife;
  private readonly reader: FrameReader;
  private readonly writer: StreamWriter;
  private readonly gate: SinkGate<unknown>;
  private readonly request: RequestAssembly;
  private readonly upload: CreditMeter;
  private uploadLimit: NodeJS.Timeout | undefined;
  private readonly unwatch: () => void;
  private running = false;
  private callerGone = false;
  private finished = false;
  private left = false;
  private error: GatewayError | undefined;

  constructor(
    private readonly parts: StreamServerParts,
    private readonly served: ServedStream,
    private readonly opening: Msg,
    private readonly onEnd: (error: GatewayError | undefined) => void,
  ) {
    const { link, cancels, budget } = parts;
    const { subject, idleTimeoutMs } = served.contract;
    this.subject = subject;
    this.reader = new FrameReader(subject);
    this.upload = new CreditMeter(BUS_LIMITS.uploadWindowBytes, subject);
    this.request = new RequestAssembly(subject, budget);
    const { caller, trace } = readContext(opening, LIMITS.requestDeadlineMs);
    this.trace = trace;
    this.life = new CallLife(subject, caller, () => this.onStop(), served.lives).watch();
    this.address = link.open(this);
    this.writer = new StreamWriter(link, {
      dataType: RECORD.data,
      dataBytesMax: BUS_LIMITS.dataBytesMax,
      creditBytes: LIMITS.streamWindowBytes,
      sequence: 0,
      introduction: textRecord(RECORD.address, this.address),
    });
    this.gate = new SinkGate(subject, {
      head: (head) => this.sendHead(head),
      data: (bytes) => this.writer.data(bytes),
    });
    cancels.expect(opening.reply ?? '', this.life);
    this.unwatch = link.heartbeats.watch(idleTimeoutMs, this);
  }

  begin(): void {
    this.writer.open(this.opening.reply ?? '');
    this.receive(this.opening);
    if (!this.running && !this.finished) this.awaitRest();
  }

  receive(message: Msg): void {
    this.heard = true;
    try {
      this.reader.read(message.data, message === this.opening ? this.readOpening : this.readRecord);
    } catch (error) {
      this.breakOff(normaliseError(error, this.subject));
    }
    if (this.request.complete && !this.running && !this.finished) this.run();
  }

  lost(why: GatewayError): void {
    this.callerGone = true;
    this.writer.close();
    this.breakOff(why);
    this.leave();
  }

  beat(): void {
    this.writer.beat();
  }

  silent(): void {
    this.lost(unavailable(this.subject, 'the caller has gone silent'));
  }

  /** Stops with an error of the bus itself: the caller hears it now, whatever the handler does. */
  breakOff(why: GatewayError): void {
    this.life.stop(why);
    this.finish(RECORD.error, encodeError(why), why);
  }

  /** The body is longer than one message: what follows comes as it is granted. */
  private awaitRest(): void {
    this.writer.control(creditRecord(BUS_LIMITS.uploadWindowBytes));
    this.uploadLimit = setTimeout(
      () => this.breakOff(unavailable(this.subject, 'the request body did not arrive in time')),
      LIMITS.bodyReadTimeoutMs,
    );
  }

  private readonly readOpening = (type: number, payload: Uint8Array): void => {
    this.request.add(type, payload);
  };

  private readonly readRecord = (type: number, payload: Uint8Array): void => {
    if (type === RECORD.credit) return this.writer.grant(readCredit(payload));
    if (type === RECORD.cancel) return this.life.cancel();
    if (type === RECORD.body) this.upload.received(payload.length);
    const grant = this.upload.read(this.request.add(type, payload));
    if (grant > 0) this.writer.control(creditRecord(grant));
  };

  private run(): void {
    this.running = true;
    clearTimeout(this.uploadLimit);
    const { subject } = this;
    continueTrace(this.trace, () => inSpan('serve', { kind: 'server', subject }, () => this.handle())).then(
      (outcome) => this.ran(RECORD.outcome, outcome, undefined),
      (thrown: unknown) => {
        const error = this.life.stopped ?? normaliseError(thrown, subject);
        if (error.kind === 'internal') this.parts.logger.error({ err: thrown, subject }, 'a handler failed');
        this.ran(RECORD.error, encodeError(error), error);
      },
    );
  }

  private ran(type: RecordType, text: string, error: GatewayError | undefined): void {
    this.finish(type, text, error);
    this.running = false;
    this.endWhenQuiet();
  }

  private async handle(): Promise<string> {
    const { contract, handler } = this.served;
    const text = textOf(this.request.input ?? new Uint8Array(0));
    const input = decodeValue(contract.input, text, `the input of ${this.subject}`, 'invalid-request');
    const outcome = await handler({ input, body: this.request.body() }, this.gate, this.life);
    return encodeValue(contract.outcome, outcome, `the outcome of ${this.subject}`);
  }

  private sendHead(head: unknown): void {
    const text = encodeValue(this.served.contract.head, head, `the head of ${this.subject}`);
    this.writer.control(textRecord(RECORD.head, text));
  }

  /** The caller left or its time is over: nobody reads on, but the outcome is still wanted. */
  private onStop(): void {
    this.gate.close(cancelled);
    this.writer.discard();
    const { stopped } = this.life;
    if (!this.running && stopped) this.finish(RECORD.error, encodeError(stopped), stopped);
  }

  private finish(type: RecordType, text: string, error: GatewayError | undefined): void {
    if (this.finished) return;
    this.finished = true;
    this.error = error;
    clearTimeout(this.uploadLimit);
    this.life.end();
    this.gate.close(writeAfterEnd);
    this.request.release();
    if (this.callerGone) return this.leave();
    this.writer.finish(textRecord(type, text), () => this.leave());
  }

  /** The last frame has left, or nobody is there to take it. */
  private leave(): void {
    if (this.left) return;
    this.left = true;
    this.writer.close();
    this.unwatch();
    this.parts.cancels.forget(this.opening.reply ?? '');
    this.parts.link.close(this.address);
    this.endWhenQuiet();
  }

  /** The call is over when its last frame has left and its handler has returned, whichever comes later. */
  private endWhenQuiet(): void {
    if (this.left && !this.running) this.onEnd(this.error);
  }
}

/** Refuses a stream before it costs anything. */
export function refuseStream(link: Link, message: Msg, why: GatewayError): void {
  link.send(message.reply ?? '', encodeFrame(0, [textRecord(RECORD.error, encodeError(why))]));
}
