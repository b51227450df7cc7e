import { GatewayError, LIMITS } from '@bytespike/kernel';

import { wordIn, type WordTable } from './json-scan.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** One Server-Sent Event as its reader sees it; `data` is undefined in a record of comments alone. */
export interface SseFields {
  readonly event: string | undefined;
  readonly data: string | undefined;
}

/** Cuts a byte stream into SSE records, wherever the transport happened to cut it. */
export interface SseSplitter {
  /**
   * Reports each record that `chunk` completes, with the blank line that ends it: the records of a stream, joined,
   * are the stream. A record inside one chunk is a view of it, not a copy.
   */
  push(chunk: Uint8Array, onRecord: (record: Uint8Array) => void): void;
  /** What came after the last complete record; empty when the stream ended on a boundary. */
  rest(): Uint8Array;
}

/** Most chunks of a stream that is written as it is generated are one record. */
const between = (chunk: Uint8Array, start: number, end: number): Uint8Array =>
  start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);

/** Throws `upstream-garbled` when one record exceeds `recordBytesMax`. */
export function createSseSplitter(recordBytesMax: number = LIMITS.sseRecordBytesMax): SseSplitter {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let atLineStart = true;
  // After CR the next byte decides whether the line ended in CR or in CRLF, so a record that ends there waits for it.
  let afterCr: 'no' | 'line' | 'record' = 'no';

  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > recordBytesMax)
      throw new GatewayError('upstream-garbled', `an event is longer than ${recordBytesMax} bytes`);
    if (part.length > 0) held.push(part);
  };
  const take = (part: Uint8Array): Uint8Array => {
    if (heldBytes === 0 && part.length <= recordBytesMax) return part;
    hold(part);
    const record = joinBytes(held, heldBytes);
    held = [];
    heldBytes = 0;
    return record;
  };

  return {
    push(chunk, onRecord) {
      let at = 0;
      let start = 0;
      let nextCr = chunk.indexOf(CR);
      while (at < chunk.length) {
        const byte = chunk[at];
        if (afterCr !== 'no') {
          const ended = afterCr === 'record';
          afterCr = 'no';
          if (byte === LF) at += 1;
          if (!ended) continue;
          onRecord(take(between(chunk, start, at)));
          start = at;
        } else if (atLineStart && byte === LF) {
          at += 1;
          onRecord(take(between(chunk, start, at)));
          start = at;
        } else if (atLineStart && byte === CR) {
          at += 1;
          afterCr = 'record';
        } else {
          if (nextCr >= 0 && nextCr < at) nextCr = chunk.indexOf(CR, at);
          const lf = chunk.indexOf(LF, at);
          const cr = nextCr >= 0 && (lf < 0 || nextCr < lf);
          const end = cr ? nextCr : lf;
          atLineStart = end >= 0;
          if (cr) afterCr = 'line';
          at = end < 0 ? chunk.length : end + 1;
        }
      }
      if (start < chunk.length) hold(chunk.subarray(start));
    },
    rest: () => joinBytes(held, heldBytes),
  };
}

/** Joins parts whose total length is known. */
export function joinBytes(parts: readonly Uint8Array[], total: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const decoder = new TextDecoder('utf-8');

/** Decodes one record as the SSE standard says: comments dropped, `data` lines joined by a line feed. */
export function readSseRecord(record: Uint8Array): SseFields {
  let event: string | undefined;
  let data: string | undefined;
  const text = decoder.decode(record);
  for (const line of text.split(text.includes('\r') ? /\r\n|\n|\r/ : '\n')) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const from = colon < 0 ? line.length : line[colon + 1] === ' ' ? colon + 2 : colon + 1;
    if (name === 'event') event = line.slice(from);
    if (name === 'data') data = data === undefined ? line.slice(from) : `${data}\n${line.slice(from)}`;
  }
  return { event, data };
}

const EVENT = new TextEncoder().encode('event:');

/** Which of `names` a record that opens with its event says, read without decoding: -1 for another, -2 for none. */
export function sseEventWord(record: Uint8Array, names: WordTable): number {
  for (let offset = 0; offset < EVENT.length; offset += 1) if (record[offset] !== EVENT[offset]) return -2;
  const from = record[EVENT.length] === SPACE ? EVENT.length + 1 : EVENT.length;
  let to = from;
  while (to < record.length && record[to] !== LF && record[to] !== CR) to += 1;
  return wordIn(names, record, from, to);
}
