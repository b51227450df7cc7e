import type { CodeTable } from '../errors/classify.js';
import { BRACKET_CLOSE, BRACKET_OPEN, COMMA, skipSpace } from '../json-scan.js';
import type { StreamMeter } from '../meter/wire-meter.js';
import { createStreamMeter } from './stream-meter.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DATA = new TextEncoder().encode('data: ');

/** A stream asked for without `alt=sse`: one JSON list of the same chunks, which has not ended before it is closed (protocols 1.4). */
export function createListMeter(vendorCodes: CodeTable): StreamMeter {
  const meter = createStreamMeter(vendorCodes);
  let isClosed = false;
  return {
    record(record) {
      const at = elementAt(record);
      isClosed ||= record[at] === BRACKET_CLOSE;
      return at === record.length || record[at] === BRACKET_CLOSE ? 'preamble' : meter.record(asEvent(record, at));
    },
    delivered: meter.delivered,
    reading() {
      const reading = meter.reading();
      return { ...reading, ended: reading.ended && isClosed };
    },
  };
}

function elementAt(record: Uint8Array): number {
  const at = skipSpace(record, 0);
  return record[at] === BRACKET_OPEN || record[at] === COMMA ? skipSpace(record, at + 1) : at;
}

/** The element on one line: between its members a line feed is but a space, and within its strings there is none. */
function asEvent(record: Uint8Array, from: number): Uint8Array {
  const event = new Uint8Array(DATA.length + record.length - from);
  event.set(DATA);
  event.set(record.subarray(from), DATA.length);
  return event.map((byte) => (byte === LF || byte === CR ? SPACE : byte));
}
