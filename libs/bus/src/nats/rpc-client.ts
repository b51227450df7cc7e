import type { CallContext, RpcContract } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { Msg } from '@nats-io/nats-core';

import { CallLife, refuseDead, withinTimeout } from '../call-life.js';
import { decodeError, normaliseError, undelivered } from '../errors.js';
import type { Cancels } from './cancels.js';
import { isNoResponders, type Link, type Receiver } from './link.js';
import { ERROR_HEADER } from './rpc-server.js';
import { writeContext } from './wire-context.js';
import { decodeValue, encodeValue, textOf } from './wire-json.js';

/** One question to whoever serves the subject: plain JSON there and back, as `nats request` would send it. */
export function callRemotely(
  link: Link,
  cancels: Cancels,
  contract: RpcContract,
  input: unknown,
  context: CallContext,
): Promise<unknown> {
  const { subject } = contract;
  return new Promise((resolve, reject) => {
    refuseDead(subject, context);
    link.refuseIfDown(subject);
    const payload = Buffer.from(encodeValue(contract.input, input, `the input of ${subject}`));
    if (payload.length > link.messageBytesMax)
      throw new GatewayError('too-large', `the input of ${subject} is larger than one message`);
    new RemoteCall(link, cancels, contract, context, { resolve, reject }).ask(payload);
  });
}

interface Settlement {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The caller's side of one question, until it is answered, stopped or lost. */
class RemoteCall implements Receiver {
  private readonly life: CallLife;
  private readonly address: string;

  constructor(
    private readonly link: Link,
    private readonly cancels: Cancels,
    private readonly contract: RpcContract,
    context: CallContext,
    private readonly settlement: Settlement,
  ) {
    const { subject, timeoutMs } = contract;
    this.address = link.open(this);
    this.life = new CallLife(subject, withinTimeout(context, timeoutMs), (why) => this.onStop(why)).watch();
  }

  ask(payload: Uint8Array): void {
    const { address } = this;
    try {
      this.link.send(this.contract.subject, payload, { reply: address, headers: writeContext(this.life) });
    } catch (error) {
      // A request id that no header can carry, or a connection that is closed: nobody will answer.
      this.end();
      throw error;
    }
  }

  receive(message: Msg): void {
    this.end();
    try {
      this.settlement.resolve(readReply(this.contract, message));
    } catch (error) {
      this.settlement.reject(normaliseError(error, this.contract.subject));
    }
  }

  lost(why: GatewayError): void {
    this.end();
    this.settlement.reject(why);
  }

  private onStop(why: GatewayError): void {
    this.link.close(this.address);
    this.cancels.send(this.contract.subject, this.address);
    this.settlement.reject(why);
  }

  private end(): void {
    this.life.end();
    this.link.close(this.address);
  }
}

function readReply(contract: RpcContract, message: Msg): unknown {
  const { subject } = contract;
  if (isNoResponders(message)) throw undelivered(subject, 'nobody serves it');
  const text = textOf(message.data);
  if (message.headers?.has(ERROR_HEADER)) throw decodeError(text, subject);
  return decodeValue(contract.output, text, `the output of ${subject}`, 'internal');
}
