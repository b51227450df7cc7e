import type { GatewayError } from '@bytespike/kernel';
import type { Dispatcher } from 'undici';

import { decoderFor, type BodyDecoder } from './decoding-receiver.js';
import { httpFailure } from './http-failure.js';
import type { HttpRequest, ResponseReceiver } from './http-request.js';

type Controller = Dispatcher.DispatchController;
type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

function plainHeaders(headers: IncomingHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  return plain;
}

/** Names of a decoded body's envelope that no longer describe it. */
function withoutEncoding(headers: Record<string, string>): Record<string, string> {
  if (!('content-encoding' in headers)) return headers;
  const described = ['content-encoding', 'content-length'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !described.includes(name)));
}

/** The connections of an origin, and an address on it. */
export interface Destination {
  readonly pool: Dispatcher;
  readonly path: string;
}

/**
 * Runs one request on a pool and pushes its response into `receiver`. Resolves at the end of the body; rejects with a
 * `GatewayError` when there is no such end. After an abort nothing more is pushed.
 */
export function exchange({ pool, path }: Destination, request: HttpRequest, receiver: ResponseReceiver): Promise<void> {
  const { signal, timeouts } = request;
  return new Promise((resolve, reject) => {
    let controller: Controller | undefined;
    let decoder: BodyDecoder | undefined;
    let over = false;

    const settle = (failure?: GatewayError): void => {
      if (over) return;
      over = true;
      signal.removeEventListener('abort', leave);
      if (failure) reject(failure);
      else resolve();
    };
    const fail = (thrown: unknown): void => {
      settle(httpFailure(thrown, signal));
      // Destroys the socket: a half-read answer must not meet the next request on it.
      controller?.abort(thrown instanceof Error ? thrown : new Error('the exchange failed'));
    };
    const leave = (): void => fail(signal.reason);

    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    pool.dispatch(
      {
        path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: timeouts.firstByteMs,
        bodyTimeout: timeouts.stallMs,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (over) started.abort(new Error('the caller left before the request was sent'));
          else request.onConnected?.();
        },
        onResponseStart(_controller, status, headers) {
          // 1xx answers announce the real one.
          if (over || status < 200) return;
          try {
            const plain = plainHeaders(headers);
            decoder = decoderFor(plain['content-encoding'], receiver);
            receiver.head({ status, headers: withoutEncoding(plain) });
          } catch (thrown) {
            fail(thrown);
          }
        },
        onResponseData(running, chunk) {
          // A resumed parser reports an empty piece first; pausing on it would resume it for ever.
          if (over || chunk.length === 0) return;
          try {
            const accepted = decoder ? decoder.data(chunk) : receiver.data(chunk);
            if (accepted === undefined) return;
            running.pause();
            accepted.then(() => running.resume(), fail);
          } catch (thrown) {
            fail(thrown);
          }
        },
        onResponseEnd() {
          if (decoder) decoder.end().then(() => settle(), fail);
          else settle();
        },
        onResponseError(_controller, error) {
          settle(httpFailure(error, signal));
        },
      },
    );
  });
}
