import type { ErrorKind, JsonValue, ProtocolName } from '@bytespike/kernel';
import { WIRES, type VendorAnswer } from '@bytespike/protocols';

import { keptWords } from './kept-words.js';

/** A vendor's failure: what it is to us, what a client may read of it, and the vendor's own words for operators. */
export interface MediaFailure {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly said: string;
  readonly retryAfterMs?: number | undefined;
}

/** How the failures of a wire are read. */
export interface MediaErrors {
  /** An answer that is not a 2xx. */
  readonly ofAnswer: (answer: VendorAnswer) => MediaFailure;
  /** An error object inside an answer that came with a 200. */
  readonly ofBody: (error: JsonValue | undefined) => MediaFailure;
}

/** Vendors put their own request ids into sentences; a customer has no use for them and should not see them. */
const VENDOR_REQUEST_ID = /[\s.(]*\brequest[ _-]?id:?\s*[\w-]+\)?\.?/gi;

const BLOCKED_MESSAGE =
  "The model vendor's safety rules refused the prompt, its images, or what was made of them. It was not billed.";

const encoder = new TextEncoder();

/** A told failure by its kind; of what a vendor's rules refused, the customer reads our sentence and not theirs. */
export function mediaFailure(kind: ErrorKind, words: string, retryAfterMs?: number): MediaFailure {
  const said = keptWords(words);
  const message = kind === 'upstream-blocked' ? BLOCKED_MESSAGE : said.replace(VENDOR_REQUEST_ID, '').trim();
  return { kind, message, said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The errors of a wire that grew up beside a text protocol: its envelope and its words, and the room's own before them. */
export function mediaErrors(protocol: ProtocolName, ownCodes: Readonly<Record<string, ErrorKind>>): MediaErrors {
  const { errors } = WIRES[protocol];
  const ofAnswer = (answer: VendorAnswer): MediaFailure => {
    const { kind, message, retryAfterMs } = errors.classify(answer, ownCodes);
    return mediaFailure(kind, message, retryAfterMs);
  };
  return {
    ofAnswer,
    // A failed render is no failed call: 500 stands for a reason that nobody knows.
    ofBody: (error) =>
      ofAnswer({ status: 500, headers: {}, body: encoder.encode(JSON.stringify({ error })), receivedAt: 0 }),
  };
}
