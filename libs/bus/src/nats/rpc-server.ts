import { GatewayError } from '@bytespike/kernel';
import { continueTrace, inSpan } from '@bytespike/telemetry';
import { headers, type Msg } from '@nats-io/nats-core';

import type { BusLogger } from '../bus.js';
import { CallLife } from '../call-life.js';
import { encodeError, normaliseError } from '../errors.js';
import type { ServedRpc } from '../registry.js';
import type { Cancels } from './cancels.js';
import type { Link } from './link.js';
import { readContext } from './wire-context.js';
import { decodeValue, encodeValue, textOf } from './wire-json.js';

/** The names are those of NATS's service protocol (ADR-32), so that its tools see an error for what it is. */
export const ERROR_HEADER = 'Nats-Service-Error';
const ERROR_CODE_HEADER = 'Nats-Service-Error-Code';

/** Answers one rpc message; resolves, when it has been answered, with the error it was answered with, if any. */
export async function answerRpc(
  link: Link,
  cancels: Cancels,
  logger: BusLogger,
  served: ServedRpc,
  message: Msg,
): Promise<GatewayError | undefined> {
  const { subject, timeoutMs } = served.contract;
  const reply = message.reply ?? '';
  const { caller, trace } = readContext(message, timeoutMs);
  const life = new CallLife(subject, caller, undefined, served.lives).watchSoon();
  cancels.expect(reply, life);
  try {
    const text = await continueTrace(trace, () =>
      inSpan('serve', { kind: 'server', subject }, () => run(served, message, life)),
    );
    link.send(reply, fitting(link, text, subject));
    return undefined;
  } catch (thrown) {
    const error = life.stopped ?? normaliseError(thrown, subject);
    if (error.kind === 'internal') logger.error({ err: thrown, subject }, 'a handler failed');
    const wire = headers();
    wire.set(ERROR_HEADER, error.kind);
    wire.set(ERROR_CODE_HEADER, String(error.traits.status));
    link.send(reply, encodeError(error), { headers: wire });
    return error;
  } finally {
    cancels.forget(reply);
    life.end();
  }
}

async function run(served: ServedRpc, message: Msg, life: CallLife): Promise<string> {
  const { contract, handler } = served;
  const { subject } = contract;
  const input = decodeValue(contract.input, textOf(message.data), `the input of ${subject}`, 'invalid-request');
  const output = await handler(input, life);
  return encodeValue(contract.output, output, `the output of ${subject}`);
}

function fitting(link: Link, text: string, subject: string): Uint8Array {
  const payload = Buffer.from(text);
  if (payload.length <= link.messageBytesMax) return payload;
  throw new GatewayError('internal', `the output of ${subject} is larger than one message: page it, or stream it`);
}
