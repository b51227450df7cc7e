import { GatewayError } from '@bytespike/kernel';

/** Cuts a byte stream into records, wherever the transport happened to cut it. */
export interface RecordSplitter {
  /**
   * Reports each record that `chunk` completes, with all that stands before its end: the records of a stream, joined,
   * are the stream. A record inside one chunk is a view of it, not a copy.
   */
  push(chunk: Uint8Array, onRecord: (record: Uint8Array) => void): void;
  /** What came after the last complete record; empty when the stream ended on a boundary. */
  rest(): Uint8Array;
}

/** What has come of a record that has not ended. */
export interface HeldRecord {
  hold(part: Uint8Array): void;
  /** The record that `part` ends; nothing is held after it. */
  take(part: Uint8Array): Uint8Array;
  rest(): Uint8Array;
}

/** `hold` and `take` throw `upstream-garbled` when one record exceeds `bytesMax`. */
export function createHeldRecord(bytesMax: number): HeldRecord {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const hold = (part: Uint8Array): void => {
    heldBytes += part.length;
    if (heldBytes > bytesMax) throw new GatewayError('upstream-garbled', `an event is longer than ${bytesMax} bytes`);
    if (part.length > 0) held.push(part);
  };
  return {
    hold,
    take(part) {
      if (heldBytes === 0 && part.length <= bytesMax) return part;
      hold(part);
      const record = joinBytes(held, heldBytes);
      held = [];
      heldBytes = 0;
      return record;
    },
    rest: () => joinBytes(held, heldBytes),
  };
}

/** Most chunks of a stream that is written as it is generated are one record. */
export const between = (chunk: Uint8Array, start: number, end: number): Uint8Array =>
  start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);

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
