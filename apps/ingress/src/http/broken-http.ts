import type { Socket } from 'node:net';

import { GatewayError, type ErrorKind } from '@bytespike/kernel';

import { dialectOf } from '../domain/dialect.js';
import { errorAnswer } from './dialect-errors.js';
import type { OpenExchanges } from './open-exchanges.js';
import { newRequestId } from './request-id.js';

interface ClientError extends Error {
  readonly code?: string;
  /** The bytes that the parser stumbled over; Fastify's type says otherwise. */
  readonly rawPacket?: unknown;
}

interface Complaint {
  readonly status: string;
  readonly kind: ErrorKind;
  readonly message: string;
}

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    kind: 'too-large',
    message: 'The headers of the request are larger than the limit.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    kind: 'invalid-request',
    message: 'The request did not arrive in time.',
  },
};

const MALFORMED: Complaint = {
  status: '400 Bad Request',
  kind: 'invalid-request',
  message: 'The request is not valid HTTP.',
};

/**
 * Answers bytes that never became a request. The dialect is read from their first line, as far as they have one;
 * nothing of them is repeated.
 */
export function answerBrokenHttp(
  error: ClientError,
  socket: Socket,
  exchanges: Pick<OpenExchanges, 'isServing'>,
): void {
  // A reset has nobody left to answer; an answer that has begun must not be interrupted by a second one.
  const mayInterrupt = socket.bytesWritten > 0 && exchanges.isServing(socket);
  if (error.code === 'ECONNRESET' || !socket.writable || mayInterrupt) {
    socket.destroy();
    return;
  }
  const { status, kind, message } = COMPLAINTS[error.code ?? ''] ?? MALFORMED;
  const told = { dialect: dialectOfPacket(error.rawPacket), requestId: newRequestId() };
  const { body } = errorAnswer(told, new GatewayError(kind, message));
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${told.requestId}`,
    `x-request-id: ${told.requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}

const FIRST_LINE_BYTES = 2_048;

function dialectOfPacket(packet: unknown) {
  const text = Buffer.isBuffer(packet) ? packet.subarray(0, FIRST_LINE_BYTES).toString('latin1') : '';
  const path = /^[A-Z]+ (\/[^\s?]*)/.exec(text)?.[1] ?? '/';
  const hints = { anthropicVersion: /\nanthropic-version:/i.test(text), googleKey: /\nx-goog-api-key:/i.test(text) };
  return dialectOf(path, hints);
}
