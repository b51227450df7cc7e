import type { Readable } from 'node:stream';

import type { GatewayError } from '@bytespike/kernel';

/** How long a vendor may keep silent. */
export interface HttpTimeouts {
  /** From the last byte of the request to the first of the response; nought where somebody else looks to it. */
  readonly firstByteMs: number;
  /** Longest silence between two bytes of a response; it does not run while we are the ones who paused. */
  readonly stallMs: number;
}

/** One request to a vendor. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is read as fast as the connection takes it; who knows its length says so in `content-length`. */
  readonly body?: Uint8Array | Readable | undefined;
  /** A connection is there: from now on the request may arrive. Until then nothing of it has left this machine. */
  readonly onConnected?: () => void;
  readonly timeouts: HttpTimeouts;
}

/** A request that its caller may call off. */
export interface AbortableRequest extends HttpRequest {
  /** Aborting closes the connection at once, wherever the exchange stands. */
  readonly signal: AbortSignal;
}

/** A request under way. */
export interface Exchange {
  /** How it ended: undefined at the end of the body, and why where there is no such end. It never rejects. */
  readonly ended: Promise<GatewayError | undefined>;
  /** Closes the connection at once, wherever the exchange stands, which then ends with this failure. */
  close(why: GatewayError): void;
}

/** How an answer begins. */
export interface ResponseHead {
  readonly status: number;
  /** Lower-case names; values of repeated headers are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a response goes as it arrives. */
export interface ResponseReceiver {
  head(head: ResponseHead): void;
  /** A returned promise pauses the connection until it settles; a rejected one closes it. */
  data(chunk: Uint8Array): void | Promise<void>;
}
