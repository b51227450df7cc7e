import { GatewayError } from '@bytespike/kernel';

/**
 * One NATS message of a stream, in either direction: `sequence u32`, then records of `type u8, length u32, payload`,
 * big endian. A message may hold several records, so a short answer (address, head, data, outcome) is one message.
 * A message without records is a heartbeat.
 */
export const RECORD = {
  /** Caller: the contract's input, JSON. */
  input: 1,
  /** Caller: a piece of the request body. None at all means there is no body. */
  body: 2,
  /** Caller: the request is whole. */
  requestEnd: 3,
  /** Producer: the subject on which it hears this stream's caller. In its first message. */
  address: 4,
  /** Producer: the contract's head, JSON, once. */
  head: 5,
  /** Producer: bytes of the answer. */
  data: 6,
  /** Producer: the contract's outcome, JSON, last. */
  outcome: 7,
  /** Producer: a `GatewayError`, last. */
  error: 8,
  /** Either: so many more bytes may be sent, u32. */
  credit: 9,
  /** Caller: nobody wants the answer any more. */
  cancel: 10,
} as const;

export type RecordType = (typeof RECORD)[keyof typeof RECORD];

export interface FrameRecord {
  readonly type: RecordType;
  /** The payload in pieces, which are joined as they are written. */
  readonly pieces: readonly Uint8Array[];
}

const SEQUENCE_BYTES = 4;
const RECORD_HEADER_BYTES = 5;
const SEQUENCE_MODULUS = 2 ** 32;

/** What a message adds to its payloads at most; kept free below the message limit. */
export const FRAME_OVERHEAD_BYTES = 1_024;

export const textRecord = (type: RecordType, text: string): FrameRecord => ({ type, pieces: [Buffer.from(text)] });

export function creditRecord(bytes: number): FrameRecord {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(bytes, 0);
  return { type: RECORD.credit, pieces: [payload] };
}

export const readCredit = (payload: Uint8Array): number => readUint32(payload, 0);

export function encodeFrame(sequence: number, records: readonly FrameRecord[]): Uint8Array {
  let size = SEQUENCE_BYTES;
  for (const { pieces } of records) size += RECORD_HEADER_BYTES + byteLength(pieces);
  const frame = Buffer.allocUnsafe(size);
  let at = frame.writeUInt32BE(sequence % SEQUENCE_MODULUS, 0);
  for (const { type, pieces } of records) {
    at = frame.writeUInt8(type, at);
    at = frame.writeUInt32BE(byteLength(pieces), at);
    for (const piece of pieces) {
      frame.set(piece, at);
      at += piece.length;
    }
  }
  return frame;
}

/** Reads the frames of one direction of one stream: in sequence, record by record. A gap is an error, not a hole. */
export class FrameReader {
  private expected = 0;

  constructor(private readonly subject: string) {}

  read(frame: Uint8Array, visit: (type: number, payload: Uint8Array) => void): void {
    if (frame.length < SEQUENCE_BYTES) throw this.garbled();
    const sequence = readUint32(frame, 0);
    if (sequence !== this.expected)
      throw new GatewayError('unavailable', `${this.subject} lost frames: expected ${this.expected}, got ${sequence}`);
    this.expected = (this.expected + 1) % SEQUENCE_MODULUS;
    let at = SEQUENCE_BYTES;
    while (at < frame.length) {
      if (at + RECORD_HEADER_BYTES > frame.length) throw this.garbled();
      const start = at + RECORD_HEADER_BYTES;
      const end = start + readUint32(frame, at + 1);
      if (end > frame.length) throw this.garbled();
      visit(frame[at] ?? 0, frame.subarray(start, end));
      at = end;
    }
  }

  private garbled(): GatewayError {
    return new GatewayError('internal', `${this.subject} sent a frame that cannot be read`);
  }
}

function byteLength(pieces: readonly Uint8Array[]): number {
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  return bytes;
}

/** Big endian, without the allocation of a DataView. The bounds have been checked by the caller. */
function readUint32(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  return byte(0) * 2 ** 24 + (byte(1) << 16) + (byte(2) << 8) + byte(3);
}
