import { asciiText, wordTable } from '../json-scan.js';
import { sseEventWord } from '../sse.js';

/** Events that carry a response which may be kept; a failed one is nothing to come back to (protocols 1.2). */
const FINAL_EVENTS = wordTable(['response.completed', 'response.incomplete']);

const UNNAMED = -2;
/** A vendor that names no event says its type first. */
const TYPE_BYTES_MAX = 80;
const FINAL_TYPE = /^data: ?\{\s*"type"\s*:\s*"response\.(?:completed|incomplete)"/;

/** Whether a record of a Responses stream is the one that holds the finished response. */
export function isFinalRecord(record: Uint8Array): boolean {
  const event = sseEventWord(record, FINAL_EVENTS);
  if (event !== UNNAMED) return event >= 0;
  return FINAL_TYPE.test(asciiText(record, 0, Math.min(record.length, TYPE_BYTES_MAX)));
}
