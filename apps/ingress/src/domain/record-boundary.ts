const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;

/**
 * Where a stream of server-sent events stands, seen from the bytes that have passed: its last four bytes in one
 * number, so nothing of the stream is kept. A record of ours (a keep-alive, an error) may only be written between two
 * of the vendor's.
 */
export type StreamTail = number;

/** Before the first byte a stream stands as after a blank line. */
export const STREAM_START: StreamTail = (LF << 8) | LF;

/** Follows the stream over one more piece of it, cut anywhere. */
export function afterBytes(before: StreamTail, bytes: Uint8Array): StreamTail {
  let tail = before;
  for (let index = Math.max(0, bytes.length - 4); index < bytes.length; index += 1)
    tail = ((tail << 8) | (bytes[index] ?? 0)) >>> 0;
  return tail;
}

/**
 * Whether the last record is complete: a blank line, in any mix of line ends the SSE grammar allows. After `LF CR`
 * the answer is no, because the other half of a CR LF may still come.
 */
export function isBetweenRecords(tail: StreamTail): boolean {
  const [third, second, last] = [(tail >>> 16) & 0xff, (tail >>> 8) & 0xff, tail & 0xff];
  if (last === CR) return second === CR;
  if (last !== LF) return false;
  return second === LF || (second === CR && (third === LF || third === CR));
}

/** Whether a piece is comments alone: no client has read anything in it, so an error does not carry on from it. */
export const isCommentAlone = (bytes: Uint8Array): boolean =>
  bytes[0] === COLON && !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('\ndata:');
