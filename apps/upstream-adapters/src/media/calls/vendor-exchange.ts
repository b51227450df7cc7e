import { Readable } from 'node:stream';

import { endpointUrl } from '@bytespike/catalog';
import type { ResponseHead, ResponseReceiver } from '@bytespike/http-client';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import type { VendorCall } from '@bytespike/media';
import type { VendorAnswer } from '@bytespike/protocols';

import { createByteCollector, type ByteCollector } from '../../attempt/byte-collector.js';
import type { Credential } from '../../domain/credential-choice.js';
import { authHeader } from '../../domain/vendor-request.js';
import { bytesWithoutSecret } from '../../domain/without-secret.js';
import type { MediaPorts } from '../media-ports.js';
import type { Destination } from '../media-wire.js';
import { openBody, type RequestBody } from './request-body.js';

type TakeChunk = (chunk: Uint8Array) => void | Promise<void>;

export interface ExchangeRequest {
  readonly to: Destination;
  readonly credential: Credential;
  readonly call: Pick<VendorCall, 'method' | 'path' | 'answerBytesMax'>;
  readonly body?: RequestBody | undefined;
  /** For all of it. */
  readonly patienceMs: number;
  /** For the first byte of the answer, where that must not take as long as all of it. */
  readonly firstByteMs?: number;
  readonly signal: AbortSignal;
  /** Takes the body of an answer as it comes; undefined where it is to be collected and read as a whole. */
  readonly takerOf?: (head: ResponseHead) => TakeChunk | undefined;
}

/** When a request was sent, and until when it may have arrived, in epoch milliseconds. */
interface Times {
  readonly sentAt: number;
  readonly arrivedBy: number;
  readonly durationMs: number;
}

export type Exchanged = Times &
  (
    | { readonly ended: 'answered'; readonly answer: VendorAnswer; readonly taken: 'collected' | 'streamed' }
    | {
        readonly ended: 'broken';
        readonly failure: GatewayError;
        readonly status: number | undefined;
        /** Whether the vendor can have the whole request. What it does not have whole, it has not begun. */
        readonly arrived: 'perhaps' | 'no';
      }
  );

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Calls a channel's own address once. It never throws for what a vendor does; the end says it. */
export async function exchangeWith(request: ExchangeRequest, ports: MediaPorts): Promise<Exchanged> {
  const { to, credential, call, body, signal } = request;
  // Nought would mean for ever.
  const patienceMs = Math.max(1, request.patienceMs);
  const started = performance.now();
  let sentAt = ports.now();
  let connected = false;
  const receiver = receiving(request);
  const closing = new AbortController();
  const leave = (): void => closing.abort(new GatewayError('cancelled', 'the caller left'));
  const patience = setTimeout(
    () => closing.abort(new GatewayError('upstream-timeout', 'no answer in time')),
    patienceMs,
  );
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  const opened = body && openBody(body, ports.store);
  try {
    const sent = ports.http.send(
      {
        url: endpointUrl(to.channel.address, call.path),
        method: call.method,
        headers: headersOf(authHeader(to.auth, credential.secret), body),
        ...(opened && { body: opened }),
        signal: closing.signal,
        timeouts: { firstByteMs: request.firstByteMs ?? patienceMs, stallMs: ports.stallMs },
        onConnected: () => {
          connected = true;
          sentAt = ports.now();
        },
      },
      receiver,
    );
    const failure = await sent.then(() => undefined, GatewayError.from);
    const times = { sentAt, arrivedBy: ports.now(), durationMs: performance.now() - started };
    const head = receiver.received();
    if (failure === undefined && head) {
      const bytes = receiver.bytes();
      const body = isSuccess(head.status) ? bytes : bytesWithoutSecret(bytes, credential.secret);
      const answer = { ...head, body, receivedAt: times.arrivedBy };
      return { ...times, ended: 'answered', answer, taken: receiver.taken() };
    }
    const isWhole = connected && !(opened instanceof Readable && !opened.readableEnded);
    return {
      ...times,
      ended: 'broken',
      failure: failure ?? new GatewayError('upstream-transient', 'no answer'),
      status: head?.status,
      arrived: isWhole || head !== undefined ? 'perhaps' : 'no',
    };
  } finally {
    clearTimeout(patience);
    signal.removeEventListener('abort', leave);
    if (opened instanceof Readable) opened.destroy();
  }
}

const headersOf = (
  auth: Readonly<Record<string, string>>,
  body: RequestBody | undefined,
): Readonly<Record<string, string>> => ({
  accept: '*/*',
  'accept-encoding': 'identity',
  'user-agent': 'bytespike/1',
  ...(body && { 'content-type': body.contentType, 'content-length': String(body.bytes) }),
  ...auth,
});

interface Receiving extends ResponseReceiver {
  received(): ResponseHead | undefined;
  taken(): 'collected' | 'streamed';
  bytes(): Uint8Array;
}

function receiving({ call, takerOf }: ExchangeRequest): Receiving {
  let head: ResponseHead | undefined;
  let take: TakeChunk | undefined;
  let collector: ByteCollector | undefined;
  return {
    head(received) {
      head = received;
      const isGood = isSuccess(received.status);
      take = isGood ? takerOf?.(received) : undefined;
      collector = createByteCollector(isGood ? call.answerBytesMax : LIMITS.vendorErrorBytesMax);
    },
    data(chunk) {
      if (take) return take(chunk);
      // The beginning of a refusal says all that is read of it.
      const isTooLong = !collector?.add(chunk) && head !== undefined && isSuccess(head.status);
      if (isTooLong) throw new GatewayError('upstream-garbled', 'the answer is longer than anybody asked for');
    },
    received: () => head,
    taken: () => (take ? 'streamed' : 'collected'),
    bytes: () => collector?.bytes() ?? new Uint8Array(),
  };
}
