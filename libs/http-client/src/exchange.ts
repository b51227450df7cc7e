import { setImmediate } from 'node:timers/promises';

import type { GatewayError } from '@bytespike/kernel';
import type { Dispatcher } from 'undici';

import { decoderFor, type BodyDecoder } from './decoding-receiver.js';
import { httpFailure } from './http-failure.js';
import type { Exchange, HttpRequest, ResponseReceiver } from './http-request.js';

type Controller = Dispatcher.DispatchController;
type IncomingHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];
type PlainHeaders = Readonly<Record<string, string>>;

/** Headers that came more than once are lists. Nearly never is there one, and then they are taken as they are. */
function plainHeaders(headers: IncomingHeaders): PlainHeaders {
  for (const name in headers) if (typeof headers[name] !== 'string') return joined(headers);
  return headers as PlainHeaders;
}

function joined(headers: IncomingHeaders): PlainHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  return plain;
}

/** Names of a decoded body's envelope that no longer describe it. */
function withoutEncoding(headers: PlainHeaders): PlainHeaders {
  if (!('content-encoding' in headers)) return headers;
  const described = ['content-encoding', 'content-length'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !described.includes(name)));
}

/** The connections of an origin, and an address on it. */
export interface Destination {
  readonly pool: Dispatcher;
  readonly path: string;
}

/** Runs one request on a pool and pushes its response into `receiver`. After a close nothing more is pushed. */
export function exchange({ pool, path }: Destination, request: HttpRequest, receiver: ResponseReceiver): Exchange {
  const running = new RunningExchange(request, receiver);
  pool.dispatch(
    {
      path,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      headersTimeout: request.timeouts.firstByteMs,
      bodyTimeout: request.timeouts.stallMs,
    },
    running,
  );
  return running;
}

/**
 * After so much the other answers have their turn. A vendor that sends without a pause is read two megabytes at a time,
 * and where these are ten thousands of records nobody else would be heard for seconds.
 */
const TURN_BYTES = 64 * 1024;

async function afterTurn(accepted: void | Promise<void>): Promise<void> {
  await accepted;
  await setImmediate();
}

class RunningExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly ended: Promise<GatewayError | undefined>;
  private tell: (failure: GatewayError | undefined) => void = () => undefined;
  private controller: Controller | undefined;
  private decoder: BodyDecoder | undefined;
  private bytesOfTurn = 0;
  private over = false;

  constructor(
    private readonly request: HttpRequest,
    private readonly receiver: ResponseReceiver,
  ) {
    this.ended = new Promise((resolve) => {
      this.tell = resolve;
    });
  }

  close(why: GatewayError): void {
    if (this.over) return;
    this.settle(why);
    // Destroys the socket: a half-read answer must not meet the next request on it.
    this.controller?.abort(why);
  }

  onRequestStart(started: Controller): void {
    this.controller = started;
    if (this.over) started.abort(new Error('the caller left before the request was sent'));
    else this.request.onConnected?.();
  }

  onResponseStart(_controller: Controller, status: number, headers: IncomingHeaders): void {
    // 1xx answers announce the real one.
    if (this.over || status < 200) return;
    try {
      const plain = plainHeaders(headers);
      this.decoder = decoderFor(plain['content-encoding'], this.receiver);
      this.receiver.head({ status, headers: withoutEncoding(plain) });
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  onResponseData(running: Controller, chunk: Uint8Array): void {
    // A resumed parser reports an empty piece first; pausing on it would resume it for ever.
    if (this.over || chunk.length === 0) return;
    try {
      const accepted = this.decoder ? this.decoder.data(chunk) : this.receiver.data(chunk);
      const ready = this.shared(chunk.length, accepted);
      if (ready === undefined) return;
      running.pause();
      ready.then(() => running.resume(), this.fail);
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  onResponseEnd(): void {
    if (this.decoder) this.decoder.end().then(() => this.settle(undefined), this.fail);
    else this.settle(undefined);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.settle(httpFailure(error));
  }

  /** When the next piece may come: as soon as this one is accepted, and now and then when all others have had a turn. */
  private shared(bytes: number, accepted: void | Promise<void>): void | Promise<void> {
    this.bytesOfTurn += bytes;
    if (this.bytesOfTurn < TURN_BYTES) return accepted;
    this.bytesOfTurn = 0;
    return afterTurn(accepted);
  }

  private readonly fail = (thrown: unknown): void => this.close(httpFailure(thrown));

  private settle(failure: GatewayError | undefined): void {
    if (this.over) return;
    this.over = true;
    // What was read and not decoded yet must not reach whoever has been told that it failed.
    if (failure) this.decoder?.close();
    this.tell(failure);
  }
}
