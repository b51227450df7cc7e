import { LIMITS } from '@bytespike/kernel';

import { between, createHeldRecord, type RecordSplitter } from './held-record.js';
import { wordIn, type WordTable } from './json-scan.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** One Server-Sent Event as its reader sees it; `data` is undefined in a record of comments alone. */
export interface SseFields {
  readonly event: string | undefined;
  readonly data: string | undefined;
}

/** Cuts a byte stream into SSE records, each with the blank line that ends it. Throws `upstream-garbled` when one exceeds `recordBytesMax`. */
export function createSseSplitter(recordBytesMax: number = LIMITS.sseRecordBytesMax): RecordSplitter {
  const { hold, take, rest } = createHeldRecord(recordBytesMax);
  let atLineStart = true;
  // After CR the next byte decides whether the line ended in CR or in CRLF, so a record that ends there waits for it.
  let afterCr: 'no' | 'line' | 'record' = 'no';

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
    rest,
  };
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
