import { GatewayError, type ErrorKind } from '@bytespike/kernel';
import { errors } from 'undici';

/** What a broken exchange is to the error table. Names of hosts stay out of the message: it may reach a log. */
const FAILURES: readonly (readonly [abstract new (...args: never[]) => Error, ErrorKind, string])[] = [
  [errors.ConnectTimeoutError, 'upstream-timeout', 'no connection in time'],
  [errors.HeadersTimeoutError, 'upstream-timeout', 'no answer in time'],
  [errors.BodyTimeoutError, 'upstream-timeout', 'the answer stalled'],
  [errors.HTTPParserError, 'upstream-garbled', 'the answer is not HTTP'],
  [errors.HeadersOverflowError, 'upstream-garbled', 'the answer has too many headers'],
  [errors.ResponseContentLengthMismatchError, 'upstream-transient', 'the answer broke off'],
  [errors.SocketError, 'upstream-transient', 'the connection broke'],
];

/** What a process or its machine has run out of: files, ports, memory. Nobody at the other end has heard of it. */
const OURS: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** A failed exchange as a `GatewayError`. */
export function httpFailure(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  for (const [type, kind, message] of FAILURES)
    if (thrown instanceof type) return new GatewayError(kind, message, { cause: thrown });
  const code: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (OURS.has(code)) return new GatewayError('unavailable', `no way out: ${String(code)}`, { cause: thrown });
  return new GatewayError('upstream-transient', 'no connection', { cause: thrown });
}

/** What an exchange that its caller has left ends with: an abort of ours is its own reason. */
export const abortFailure = ({ reason }: AbortSignal): GatewayError =>
  reason instanceof GatewayError ? reason : new GatewayError('cancelled', 'the caller left', { cause: reason });
