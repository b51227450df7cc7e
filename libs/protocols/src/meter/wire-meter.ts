import type { Finish } from '@bytespike/contracts';
import type { Usage } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import type { VendorFailure } from '../errors/wire-errors.js';

/**
 * What one record of a stream is to whoever forwards it:
 * - `preamble`: nothing was generated yet (greetings, pings, comments);
 * - `content`: something the caller asked for, or its end;
 * - `report`: usage and nothing else, which may have been asked for by us;
 * - `failure`: the vendor says that it broke, or is not making sense.
 */
export type RecordSign = 'preamble' | 'content' | 'report' | 'failure';

/** What a stream or a body has said so far. */
export interface MeterReading {
  /** Whether something was generated. */
  readonly contentStarted: boolean;
  /** Whether the grammar has ended as it should; until then, an end of bytes is a truncation. */
  readonly ended: boolean;
  readonly finish?: Finish;
  readonly failure?: VendorFailure;
  /** In disjoint classes; absent when not reported, or not believable. */
  readonly usage?: Usage;
  /** Usage was reported and was negative or did not reconcile. */
  readonly quarantined: boolean;
  /** Output units by our own count, rounded down. */
  readonly deliveredOutput: number;
}

/** Reads a stream record by record. It keeps views of a few records and never changes one. */
export interface StreamMeter {
  record(record: Uint8Array): RecordSign;
  /** Output units so far by our own count; cheap, unlike `reading`, which may parse a report. */
  delivered(): number;
  reading(): MeterReading;
}

/** How one wire language is metered, from a copy of the vendor's bytes. `vendorCodes` refine its failures. */
export interface WireMeter {
  stream(vendorCodes: CodeTable): StreamMeter;
  /** A stream that is one JSON list of its chunks, for vendors who write one: its records are elements. */
  readonly list?: (vendorCodes: CodeTable) => StreamMeter;
  /** A whole, successful answer that was not streamed. */
  body(bytes: Uint8Array, vendorCodes: CodeTable): MeterReading;
}
