import { LIMITS } from '@bytespike/kernel';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Exchange } from './exchange.js';

export interface Answer {
  readonly status: number;
  readonly headers: FlatHeaders;
  readonly body: string | Uint8Array;
}

/** What is left of a body after this is not worth closing a connection for. */
const DISCARD_SMALL_BYTES = 64 * 1024;
/**
 * How much of a refused body, and for how long, is read only so that the client can read our answer. Many listen only
 * when all is sent, so it is more than the largest body that any route takes, and as long as that takes on a good line.
 */
const DISCARD_BYTES_MAX = LIMITS.imageFormBytesMax + LIMITS.textBodyBytesMax;
const DISCARD_MS = 10_000;
/** Who sends nothing for so long has heard us, or waits to be told to go on. */
const DISCARD_QUIET_MS = 2_000;

/** Sends one whole answer. Does nothing when the client is gone or an answer has begun. */
export function writeAnswer(exchange: Exchange, { status, headers, body }: Answer): void {
  const { request, response } = exchange;
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const unread = !request.complete && !isSmall(exchange);
  const fields = [...idHeaders(exchange), ...headers, 'content-length', String(bytes.length)];
  if (unread) fields.push('connection', 'close');
  response.writeHead(status, fields);
  if (unread) discardThenEnd(exchange, bytes);
  else response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Both names carry the same id, on every answer (contract 0.1). */
export const idHeaders = ({ requestId }: Pick<Exchange, 'requestId'>): FlatHeaders => [
  'request-id',
  requestId,
  'x-request-id',
  requestId,
];

function isSmall({ request }: Exchange): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding, expect } = request.headers;
  return encoding === undefined && expect === undefined && Number(length ?? 0) <= DISCARD_SMALL_BYTES;
}

/**
 * Closing a socket that still receives resets it, and the reset can overtake our answer. So the answer goes out
 * whole, the rest of the body is thrown away for a bounded while, and only then the connection ends.
 */
function discardThenEnd({ request, response }: Exchange, bytes: Uint8Array): void {
  let discarded = 0;
  const settle = (): void => {
    clearTimeout(timer);
    clearTimeout(quiet);
  };
  const end = (): void => {
    settle();
    response.end();
  };
  const timer = setTimeout(end, DISCARD_MS);
  const quiet = setTimeout(end, DISCARD_QUIET_MS);
  response.once('close', settle);
  response.write(bytes);
  request.once('end', end);
  request.on('data', (piece: Buffer) => {
    discarded += piece.length;
    quiet.refresh();
    if (discarded > DISCARD_BYTES_MAX) end();
  });
  request.resume();
}
