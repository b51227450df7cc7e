import type { ErrorDetails, ErrorKind } from '@bytespike/kernel';

/** A vendor's answer that is not the one hoped for. Header names are lower-case. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Epoch milliseconds, for a `Retry-After` that is a date. */
  readonly receivedAt: number;
}

/** What a vendor's failure is to us. `message` is the vendor's; whether it may be shown, the kind's row says. */
export interface VendorFailure {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

/** A failure to be told to a client in its dialect. */
export interface TellableError {
  readonly kind: ErrorKind;
  readonly publicMessage: string;
  readonly requestId: string;
  readonly retryAfterMs?: number | undefined;
  /** `param` and `code` are put where the dialect has a place for them. */
  readonly details?: ErrorDetails | undefined;
}

/** An HTTP answer to be sent as it stands. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client has already seen of a stream; ids and numbers are carried on from it. */
export interface StreamSeen {
  readonly first?: Uint8Array | undefined;
  readonly last?: Uint8Array | undefined;
}

/** How one wire language says that something failed, in both directions. */
export interface WireErrors {
  /** `vendorCodes` are one vendor's own words, which win over the protocol's. */
  classify(answer: VendorAnswer, vendorCodes?: Readonly<Record<string, ErrorKind>>): VendorFailure;
  errorBody(error: TellableError): ErrorAnswer;
  /** The dialect's own form for a failure in mid-stream. It follows a whole record, and the socket is cut after it. */
  streamError(error: TellableError, seen: StreamSeen): Uint8Array;
  /** What may stand between two records while nothing is said; undefined where clients tolerate nothing. */
  readonly keepAlive: Uint8Array | undefined;
}
