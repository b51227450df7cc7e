import type { StreamHead, StreamSink } from '@bytespike/contracts';
import type { ResponseReceiver } from '@bytespike/http-client';
import { GatewayError, LIMITS, type ErrorKind } from '@bytespike/kernel';
import type { VendorFailure, Wire } from '@bytespike/protocols';

import { responseHead, type VendorHead } from '../domain/response-head.js';
import { emptyReading, type AttemptEnd } from './attempt-end.js';
import { createByteCollector, type ByteCollector } from './byte-collector.js';
import { createStreamRelay, type StreamRelay } from './stream-relay.js';

export interface AnswerOptions {
  readonly wire: Wire;
  readonly vendorCodes: Readonly<Record<string, ErrorKind>>;
  readonly stream: boolean;
  readonly usageChunk: 'pass' | 'withhold';
  readonly servedBy: string;
  readonly sink: StreamSink<StreamHead>;
  readonly now: () => number;
  /** The vendor has begun to answer: content in a stream, anything at all otherwise. */
  readonly onContent: () => void;
  /** The status is not one of success; what follows is its explanation. */
  readonly onRefusal: () => void;
}

/** What a caller says of the answer it wants; the rest is the attempt's own. */
export type AnsweringOptions = Omit<AnswerOptions, 'onContent' | 'onRefusal' | 'now'>;

/** One vendor's answer, taken as it comes. */
export interface Answer extends ResponseReceiver {
  status(): number | undefined;
  /** What it came to, once the exchange is over. `thrown` is why it broke; undefined when it ended well. */
  finish(thrown: GatewayError | undefined, left: 'stayed' | 'left'): Promise<AttemptEnd>;
}

const BRACE_OPEN = 0x7b;
const BRACKET_OPEN = 0x5b;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** JSON where a stream was asked for is an error in disguise, or Gemini's other framing; never an event. */
function looksLikeJson(chunk: Uint8Array): boolean {
  const first = chunk.find((byte) => byte > 0x20);
  return first === BRACE_OPEN || first === BRACKET_OPEN;
}

export function createAnswer(options: AnswerOptions): Answer {
  const { wire, vendorCodes, stream, sink } = options;
  let head: VendorHead | undefined;
  let relay: StreamRelay | undefined;
  let body: ByteCollector | undefined;

  const begin = (to: VendorHead, chunk: Uint8Array): void => {
    if (!isSuccess(to.status)) body = createByteCollector(LIMITS.vendorErrorBytesMax);
    else if (!stream || looksLikeJson(chunk)) body = createByteCollector(LIMITS.vendorBodyBytesMax);
    else
      relay = createStreamRelay({
        meter: wire.meter.stream(vendorCodes),
        sink,
        head: responseHead(to, 'events', options.servedBy),
        usageChunk: options.usageChunk,
        onContent: options.onContent,
      });
    if (body && isSuccess(to.status)) options.onContent();
  };

  return {
    status: () => head?.status,
    head(received) {
      head = received;
      if (!isSuccess(received.status)) options.onRefusal();
    },
    data(chunk) {
      if (head === undefined) return;
      if (!relay && !body) begin(head, chunk);
      if (relay) return relay.data(chunk);
      if (!body?.add(chunk)) throw new GatewayError('upstream-garbled', 'the answer is longer than anybody asked for');
    },
    async finish(thrown, left) {
      if (left === 'left')
        return {
          ended: 'cancelled',
          reading: relay?.reading() ?? emptyReading,
          contentSent: relay?.contentSent() ?? false,
        };
      if (head === undefined) return refused(thrown ?? new GatewayError('upstream-transient', 'no answer'));
      if (!isSuccess(head.status)) return errorAnswer(head, body?.bytes() ?? new Uint8Array(), options);
      if (relay) return finishStream(relay, thrown);
      return thrown ? refused(thrown) : finishBody(head, body?.bytes() ?? new Uint8Array(), options);
    },
  };
}

const failureOf = ({ kind, message, retryAfterMs }: GatewayError): VendorFailure => ({ kind, message, retryAfterMs });

const refused = (error: GatewayError): AttemptEnd => ({ ended: 'refused', failure: failureOf(error) });

function errorAnswer({ status, headers }: VendorHead, bytes: Uint8Array, options: AnswerOptions): AttemptEnd {
  const { wire, vendorCodes, now } = options;
  const failure = wire.errors.classify({ status, headers, body: bytes, receivedAt: now() }, vendorCodes);
  const contentType = headers['content-type'] ?? 'application/json';
  return { ended: 'refused', failure, answer: { contentType, body: bytes } };
}

const BROKEN_OFF: VendorFailure = { kind: 'upstream-transient', message: 'the stream ended before its end' };

async function finishStream(relay: StreamRelay, thrown: GatewayError | undefined): Promise<AttemptEnd> {
  if (thrown === undefined) await relay.end();
  const reading = relay.reading();
  // A grammar that has ended is an answer, whatever the connection did after it.
  if (reading.ended && reading.failure === undefined && relay.contentSent())
    return { ended: 'served', reading, quality: reading.contentStarted ? 'whole' : 'without-content' };
  const failure = (thrown && failureOf(thrown)) ?? reading.failure ?? BROKEN_OFF;
  return relay.contentSent() ? { ended: 'broken', failure, reading } : { ended: 'refused', failure };
}

async function finishBody(head: VendorHead, bytes: Uint8Array, options: AnswerOptions): Promise<AttemptEnd> {
  const { wire, vendorCodes, sink } = options;
  const reading = wire.meter.body(bytes, vendorCodes);
  if (reading.failure) return { ended: 'refused', failure: reading.failure };
  if (options.stream && bytes.find((byte) => byte > 0x20) === BRACE_OPEN) {
    const failure: VendorFailure = { kind: 'upstream-garbled', message: 'a stream was asked for and a body came' };
    return { ended: 'refused', failure };
  }
  await sink.head(responseHead(head, 'body', options.servedBy));
  await sink.data(bytes);
  return { ended: 'served', reading, quality: reading.contentStarted ? 'whole' : 'without-content' };
}
