import type { CallContext, RpcContract } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { Msg } from '@nats-io/nats-core';

import { CallLife, refuseDead, withinTimeout } from '../call-life.js';
import { decodeError, normaliseError, undelivered } from '../errors.js';
import type { Cancels } from './cancels.js';
import { isNoResponders, type Link } from './link.js';
import { ERROR_HEADER } from './rpc-server.js';
import { writeContext } from './wire-context.js';
import { decodeValue, encodeValue, textOf } from './wire-json.js';

/** One question to whoever serves the subject: plain JSON there and back, as `nats request` would send it. */
export async function callRemotely(
  link: Link,
  cancels: Cancels,
  contract: RpcContract,
  input: unknown,
  context: CallContext,
): Promise<unknown> {
  const { subject, timeoutMs } = contract;
  refuseDead(subject, context);
  link.refuseIfDown(subject);
  const payload = Buffer.from(encodeValue(contract.input, input, `the input of ${subject}`));
  if (payload.length > link.messageBytesMax)
    throw new GatewayError('too-large', `the input of ${subject} is larger than one message`);

  return new Promise((resolve, reject) => {
    const settle = (): void => {
      life.end();
      link.close(address);
    };
    const receive = (message: Msg): void => {
      settle();
      try {
        resolve(readReply(contract, message));
      } catch (error) {
        reject(normaliseError(error, subject));
      }
    };
    const lost = (why: GatewayError): void => {
      settle();
      reject(why);
    };
    const life = new CallLife(subject, withinTimeout(context, timeoutMs), (why) => {
      link.close(address);
      cancels.send(subject, address);
      reject(why);
    }).watch();
    const address = link.open({ receive, lost });
    link.send(subject, payload, { reply: address, headers: writeContext(life.context) });
  });
}

function readReply(contract: RpcContract, message: Msg): unknown {
  const { subject } = contract;
  if (isNoResponders(message)) throw undelivered(subject, 'nobody serves it');
  const text = textOf(message.data);
  if (message.headers?.has(ERROR_HEADER)) throw decodeError(text, subject);
  return decodeValue(contract.output, text, `the output of ${subject}`, 'internal');
}
