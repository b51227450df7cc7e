import { AsyncResource } from 'node:async_hooks';

import type { CallContext, StreamContract, StreamRequest, StreamSink } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';
import { LIMITS } from '@bytespike/kernel';
import type { Msg } from '@nats-io/nats-core';

import { BUS_LIMITS } from '../bus-limits.js';
import { CallLife, refuseDead } from '../call-life.js';
import { Delivery, type Delivering } from '../delivery.js';
import { decodeError, normaliseError, unavailable, undelivered } from '../errors.js';
import type { Cancels } from './cancels.js';
import { CreditMeter } from './credit.js';
import { creditRecord, FrameReader, RECORD, readCredit } from './frame.js';
import type { Pulse } from './heartbeats.js';
import { isNoResponders, type Link, type Receiver } from './link.js';
import { openRequest } from './stream-request.js';
import { StreamWriter } from './stream-writer.js';
import { decodeValue, textOf } from './wire-json.js';

/** A stream from whoever serves the subject. */
export function streamRemotely(
  link: Link,
  cancels: Cancels,
  contract: StreamContract,
  request: StreamRequest<unknown>,
  sink: StreamSink<unknown>,
  context: CallContext,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    refuseDead(contract.subject, context);
    link.refuseIfDown(contract.subject);
    new CalledStream(link, cancels, contract, sink, context, { resolve, reject }).begin(request);
  });
}

interface Settlement {
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The caller's side of one stream: reads frames in order, grants credit as they are read, and knows when to give up. */
class CalledStream implements Receiver, Pulse, Delivering {
  heard = false;
  quietTicks = 0;
  private readonly subject: string;
  private readonly address: string;
  private readonly life: CallLife;
  private readonly reader: FrameReader;
  private readonly writer: StreamWriter;
  private readonly delivery: Delivery<unknown>;
  private readonly credit: CreditMeter;
  private readonly unwatch: () => void;
  /** The reader's sink runs in its caller's async context (its trace), not in that of the NATS socket. */
  private readonly caller = new AsyncResource('BUS_STREAM', { requireManualDestroy: true });
  private grace: NodeJS.Timeout | undefined;
  /** How it ends once everything has been read: the producer's last word. */
  private ending: (() => void) | undefined;
  private done = false;

  constructor(
    private readonly link: Link,
    private readonly cancels: Cancels,
    private readonly contract: StreamContract,
    sink: StreamSink<unknown>,
    context: CallContext,
    private readonly settlement: Settlement,
  ) {
    this.subject = contract.subject;
    this.reader = new FrameReader(this.subject);
    this.credit = new CreditMeter(LIMITS.streamWindowBytes, this.subject);
    this.writer = new StreamWriter(link, {
      dataType: RECORD.body,
      dataBytesMax: link.messageBytesMax,
      creditBytes: 0,
      sequence: 1,
    });
    this.delivery = new Delivery(sink, this);
    this.life = new CallLife(this.subject, context, (why) => this.onStop(why)).watch();
    this.unwatch = link.heartbeats.watch(contract.idleTimeoutMs, this);
    this.address = link.open(this);
  }

  begin(request: StreamRequest<unknown>): void {
    try {
      const rest = openRequest(this.link, this.contract, request, this.address, this.life);
      if (!rest) return;
      // Waits for the producer's address and credit; what it says meanwhile ends the stream in any case.
      this.writer.data(rest);
      this.writer.finish({ type: RECORD.requestEnd, pieces: [] }, () => undefined);
    } catch (error) {
      this.fail(normaliseError(error, this.subject));
    }
  }

  receive(message: Msg): void {
    this.heard = true;
    if (isNoResponders(message)) return this.fail(undelivered(this.subject, 'nobody serves it'));
    try {
      this.caller.runInAsyncScope(this.readFrame, undefined, message.data);
    } catch (error) {
      this.abandon(normaliseError(error, this.subject));
    }
  }

  lost(why: GatewayError): void {
    this.fail(why);
  }

  beat(): void {
    this.writer.beat();
  }

  silent(): void {
    this.abandon(unavailable(this.subject, 'the producer has gone silent'));
  }

  private readonly readFrame = (frame: Uint8Array): void => this.reader.read(frame, this.readRecord);

  private readonly readRecord = (type: number, payload: Uint8Array): void => {
    if (this.done) return;
    if (type === RECORD.data) {
      this.credit.received(payload.length);
      this.delivery.data(payload);
    } else if (type === RECORD.head) {
      this.delivery.head(decodeValue(this.contract.head, textOf(payload), `the head of ${this.subject}`, 'internal'));
    } else if (type === RECORD.outcome) {
      this.finish(decodeValue(this.contract.outcome, textOf(payload), `the outcome of ${this.subject}`, 'internal'));
    } else if (type === RECORD.error) {
      this.onProducerError(decodeError(textOf(payload), this.subject));
    } else if (type === RECORD.address) {
      this.writer.open(textOf(payload));
    } else if (type === RECORD.credit) {
      this.writer.grant(readCredit(payload));
    }
  };

  onRead(bytes: number): void {
    const grant = this.credit.read(bytes);
    if (grant > 0 && !this.done) this.writer.control(creditRecord(grant));
  }

  private finish(outcome: unknown): void {
    this.settleWhenRead(() => this.settlement.resolve(outcome));
  }

  private onProducerError(error: GatewayError): void {
    this.settleWhenRead(() => this.settlement.reject(this.life.stopped ?? error));
  }

  /** The producer is done and gone; what is left is ours to read, without its heartbeat. */
  private settleWhenRead(settle: () => void): void {
    const { tail } = this.delivery;
    if (!tail || this.life.stopped) return this.end(settle);
    this.unwatch();
    this.ending = settle;
    tail.then(() => this.end(settle));
  }

  private onStop(why: GatewayError): void {
    this.delivery.close();
    if (this.ending) return this.end(this.ending);
    this.cancel();
    this.grace = setTimeout(() => this.fail(why), BUS_LIMITS.outcomeGraceMs);
  }

  onReaderFailure(error: unknown): void {
    this.cancel();
    this.end(() => this.settlement.reject(error));
  }

  private cancel(): void {
    this.writer.withdraw();
    if (!this.writer.isOpen) return this.cancels.send(this.subject, this.address);
    this.writer.control({ type: RECORD.cancel, pieces: [] });
    this.writer.flush();
  }

  /** Gives up on a producer that may still be there. */
  private abandon(why: GatewayError): void {
    if (this.done) return;
    this.cancel();
    this.fail(why);
  }

  private fail(why: GatewayError): void {
    this.end(() => this.settlement.reject(this.life.stopped ?? why));
  }

  private end(settle: () => void): void {
    if (this.done) return;
    this.done = true;
    clearTimeout(this.grace);
    this.life.end();
    this.unwatch();
    this.link.close(this.address);
    this.delivery.close();
    this.writer.close();
    settle();
  }
}
