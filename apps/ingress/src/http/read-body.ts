import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { GatewayError } from '@bytespike/kernel';

import { decodeBody } from './decode-body.js';

export interface BodyLimits {
  readonly bytesMax: number;
  readonly timeoutMs: number;
  /** Told of every piece that is kept; throws when the process keeps too much already. */
  readonly reserve: (bytes: number) => void;
}

/**
 * Reads a request's body whole and decoded. Errors: `too-large`, `invalid-request` (too slow, bad encoding, no UTF-8),
 * `cancelled` (the client left). What is left unread then is the answering side's to discard.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.bytesMax) throw tooLarge(limits.bytesMax);
  // Answering before this line is what spares a refused client from sending its body at all.
  if (request.headers.expect !== undefined) response.writeContinue();
  if (request.destroyed && !request.readableEnded) throw left();
  const isHere = declared > 0 && request.readableLength === declared;
  const bytes = isHere ? arrived(request, limits) : await collect(request, limits);
  const coding = request.headers['content-encoding'];
  const body = coding === undefined ? bytes : await decodeBody(bytes, coding, limits);
  if (body.length > bytes.length) limits.reserve(body.length - bytes.length);
  // Whatever is read whole is JSON, and that is UTF-8 (RFC 8259, 8.1): a reader further on would replace what is not, silently.
  if (!isUtf8(body)) throw new GatewayError('invalid-request', 'The body is not valid UTF-8.');
  return body;
}

/** A small body comes with its head, and is all there when its caller is known: nothing is waited for. */
function arrived(request: IncomingMessage, { reserve }: Pick<BodyLimits, 'reserve'>): Buffer {
  reserve(request.readableLength);
  return request.read() as Buffer;
}

function collect(request: IncomingMessage, { bytesMax, timeoutMs, reserve }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      finish();
    };
    const refuse = (error: GatewayError): void => settle(() => (request.pause(), reject(error)));
    const onData = (piece: Buffer): void => {
      length += piece.length;
      if (length > bytesMax) return refuse(tooLarge(bytesMax));
      try {
        reserve(piece.length);
        pieces.push(piece);
      } catch (thrown) {
        refuse(GatewayError.from(thrown));
      }
    };
    const onEnd = (): void => settle(() => resolve(whole(pieces, length)));
    const onClose = (): void => refuse(left());
    const timer = setTimeout(
      () => refuse(new GatewayError('invalid-request', `The body did not arrive within ${timeoutMs / 1_000} seconds.`)),
      timeoutMs,
    );
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

/** A small body arrives in one piece and is not copied. */
const whole = (pieces: readonly Buffer[], length: number): Buffer =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length);

const left = (): GatewayError => new GatewayError('cancelled', 'The client left while sending its body.');

const tooLarge = (bytesMax: number): GatewayError =>
  new GatewayError('too-large', `The body is larger than the limit of ${bytesMax} bytes.`);
