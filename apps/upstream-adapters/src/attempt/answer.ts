import type { StreamHead, StreamSink } from '@bytespike/contracts';
import type { ResponseReceiver } from '@bytespike/http-client';
import { GatewayError, LIMITS, type ErrorKind } from '@bytespike/kernel';
import { openStreamReader, type StreamForm, type VendorFailure, type Wire } from '@bytespike/protocols';

import { contentTypeOf, responseHead, type VendorHead } from '../domain/response-head.js';
import { emptyReading, type AttemptEnd } from './attempt-end.js';
import { createByteCollector, type ByteCollector } from './byte-collector.js';
import { createStreamRelay, type StreamRelay } from './stream-relay.js';

/** What a caller says of the answer it wants. */
export interface AnsweringOptions {
  readonly wire: Wire;
  readonly vendorCodes: Readonly<Record<string, ErrorKind>>;
  readonly stream: boolean;
  readonly usageChunk: 'pass' | 'withhold';
  readonly servedBy: string;
  readonly sink: StreamSink<StreamHead>;
  /** Told at the first content of a stream, long before its end. */
  readonly streamBegan: () => void;
}

/** Whose attempt an answer is part of. */
export interface AnswerListener {
  /** The vendor has begun to answer: content in a stream, anything at all otherwise. */
  onContent(): void;
  /** The status is not one of success; what follows is its explanation. */
  onRefusal(): void;
}

const BRACE_OPEN = 0x7b;
const BRACKET_OPEN = 0x5b;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const firstOf = (chunk: Uint8Array): number | undefined => chunk.find((byte) => byte > 0x20);

/** JSON where a stream was asked for is an error in disguise, or the list that some wires stream as well; never an event. */
function formOf(chunk: Uint8Array, { stream, wire }: AnsweringOptions): StreamForm | 'whole' {
  const first = firstOf(chunk);
  if (!stream || first === BRACE_OPEN) return 'whole';
  if (first !== BRACKET_OPEN) return 'events';
  return wire.meter.list ? 'list' : 'whole';
}

/** One vendor's answer, taken as it comes. */
export class Answer implements ResponseReceiver {
  private vendorHead: VendorHead | undefined;
  private relay: StreamRelay | undefined;
  private body: ByteCollector | undefined;
  private isHeld = false;

  constructor(
    private readonly options: AnsweringOptions,
    private readonly listener: AnswerListener,
    private readonly now: () => number,
  ) {}

  get status(): number | undefined {
    return this.vendorHead?.status;
  }

  get isStream(): boolean {
    return this.relay !== undefined;
  }

  /** Whether a stream has said its end and the caller has taken all of it; its connection may go on. */
  hasEnded(): boolean {
    return !this.isHeld && this.relay?.reading().ended === true;
  }

  head(received: VendorHead): void {
    this.vendorHead = received;
    if (!isSuccess(received.status)) this.listener.onRefusal();
  }

  data(chunk: Uint8Array): void | Promise<void> {
    if (this.vendorHead === undefined) return;
    if (!this.relay && !this.body) this.begin(this.vendorHead, chunk);
    if (this.relay) return this.held(this.relay.data(chunk));
    if (!this.body?.add(chunk))
      throw new GatewayError('upstream-garbled', 'the answer is longer than anybody asked for');
  }

  /** What it came to, once the exchange is over. `thrown` is why it broke; undefined when it ended well. */
  finish(thrown: GatewayError | undefined, left: 'stayed' | 'left'): AttemptEnd | Promise<AttemptEnd> {
    const { vendorHead, relay, options } = this;
    if (left === 'left')
      return {
        ended: 'cancelled',
        reading: relay?.reading() ?? emptyReading,
        contentSent: relay?.contentSent() ?? false,
      };
    if (vendorHead === undefined) return refused(thrown ?? new GatewayError('upstream-transient', 'no answer'));
    const bytes = this.body?.bytes() ?? NO_BYTES;
    if (!isSuccess(vendorHead.status)) return errorAnswer(vendorHead, bytes, options, this.now());
    if (relay) return finishStream(relay, thrown);
    return thrown ? refused(thrown) : finishBody(vendorHead, bytes, options);
  }

  /** Remembers that the caller has not taken what it was given: what follows has to wait, a report for example. */
  private held(taken: void | Promise<void>): void | Promise<void> {
    if (taken === undefined) return;
    this.isHeld = true;
    return taken.finally(() => {
      this.isHeld = false;
    });
  }

  private begin(to: VendorHead, chunk: Uint8Array): void {
    if (!isSuccess(to.status)) {
      this.body = createByteCollector(LIMITS.vendorErrorBytesMax);
      return;
    }
    const form = formOf(chunk, this.options);
    if (form === 'whole') {
      this.body = createByteCollector(LIMITS.vendorBodyBytesMax);
      this.listener.onContent();
    } else this.relay = this.relayOf(to, form);
  }

  private relayOf(to: VendorHead, form: StreamForm): StreamRelay {
    const { wire, vendorCodes, sink, usageChunk, servedBy, streamBegan } = this.options;
    const onContent = (): void => {
      this.listener.onContent();
      streamBegan();
    };
    return createStreamRelay({
      reader: openStreamReader(wire.meter, form, vendorCodes),
      head: responseHead(to, form === 'list' ? 'json' : 'events', servedBy),
      ...{ sink, usageChunk, onContent },
    });
  }
}

const NO_BYTES = new Uint8Array();

const failureOf = ({ kind, message, retryAfterMs }: GatewayError): VendorFailure => ({ kind, message, retryAfterMs });

const refused = (error: GatewayError): AttemptEnd => ({ ended: 'refused', failure: failureOf(error) });

function errorAnswer(
  { status, headers }: VendorHead,
  bytes: Uint8Array,
  { wire, vendorCodes }: AnsweringOptions,
  receivedAt: number,
): AttemptEnd {
  const failure = wire.errors.classify({ status, headers, body: bytes, receivedAt }, vendorCodes);
  return { ended: 'refused', failure, answer: { contentType: contentTypeOf({ headers }, 'json'), body: bytes } };
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

async function finishBody(head: VendorHead, bytes: Uint8Array, options: AnsweringOptions): Promise<AttemptEnd> {
  const { wire, vendorCodes, sink } = options;
  const reading = wire.meter.body(bytes, vendorCodes);
  if (reading.failure) return { ended: 'refused', failure: reading.failure };
  if (options.stream && firstOf(bytes) === BRACE_OPEN) {
    const failure: VendorFailure = { kind: 'upstream-garbled', message: 'a stream was asked for and a body came' };
    return { ended: 'refused', failure };
  }
  const opened = sink.head(responseHead(head, 'json', options.servedBy));
  if (opened) await opened;
  const taken = sink.data(bytes);
  if (taken) await taken;
  return { ended: 'served', reading, quality: reading.contentStarted ? 'whole' : 'without-content' };
}
