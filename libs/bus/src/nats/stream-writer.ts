import { GatewayError, LIMITS } from '@bytespike/kernel';

import { CreditWindow } from './credit.js';
import { encodeFrame, type FrameRecord, type RecordType } from './frame.js';
import type { Link } from './link.js';

export interface StreamWriterOptions {
  /** Which records the bytes become: `data` of a producer, `body` of a caller. */
  readonly dataType: RecordType;
  readonly dataBytesMax: number;
  readonly creditBytes: number;
  /** Sequence of the first frame written here. */
  readonly sequence: number;
  /** Goes with the first frame, whatever it is about. */
  readonly introduction?: FrameRecord;
}

/**
 * One direction of one stream. What is written during a turn of the event loop leaves at its end, joined, as far as
 * the reader's credit goes; the rest waits here, and so does whoever wrote it.
 */
export class StreamWriter {
  private readonly credit: CreditWindow;
  private sequence: number;
  private introduction: FrameRecord | undefined;
  private to: string | undefined;
  private controls: FrameRecord[] = [];
  private queued: Uint8Array[] = [];
  private queuedBytes = 0;
  private last: { readonly record: FrameRecord; readonly sent: () => void } | undefined;
  private writers: (() => void)[] = [];
  private scheduled = false;
  private closed = false;
  private quiet = true;

  constructor(
    private readonly link: Link,
    private readonly options: StreamWriterOptions,
  ) {
    this.credit = new CreditWindow(options.creditBytes);
    this.sequence = options.sequence;
    this.introduction = options.introduction;
  }

  /** From now on it is known where to. What was written before leaves with this turn. */
  open(to: string): void {
    this.to = to;
    if (this.controls.length > 0 || this.queuedBytes > 0 || this.last) this.schedule();
  }

  get isOpen(): boolean {
    return this.to !== undefined;
  }

  control(record: FrameRecord): void {
    this.controls.push(record);
    this.schedule();
  }

  /** Takes bytes over, unchanged from now on. A returned promise settles when the last of them has left. */
  data(bytes: Uint8Array): void | Promise<void> {
    if (this.writers.length > 0 && this.queuedBytes + bytes.length > 2 * LIMITS.streamWindowBytes)
      throw new GatewayError('internal', 'the producer wrote beyond the window without waiting');
    if (bytes.length === 0) return undefined;
    this.queued.push(bytes);
    this.queuedBytes += bytes.length;
    this.schedule();
    if (this.queuedBytes <= this.credit.available) return undefined;
    return new Promise((resolve) => this.writers.push(resolve));
  }

  /** The record that goes after all bytes; `sent` is called when it has left. */
  finish(record: FrameRecord, sent: () => void): void {
    this.last = { record, sent };
    this.schedule();
  }

  grant(bytes: number): void {
    this.credit.add(bytes);
    this.schedule();
  }

  /** Forgets bytes that have not left yet, since their reader does not want them; the last record still goes. */
  discard(): void {
    this.queued = [];
    this.queuedBytes = 0;
    this.releaseWriters();
    this.schedule();
  }

  /** Forgets everything that has not left yet: the peer must not take a part for the whole. */
  withdraw(): void {
    this.last = undefined;
    this.controls = [];
    this.discard();
  }

  close(): void {
    this.closed = true;
    this.withdraw();
  }

  /** A frame without records, unless another has been sent since the last beat. */
  beat(): void {
    if (this.quiet && this.to !== undefined && !this.closed) this.send([]);
    this.quiet = true;
  }

  /** Sends what can be sent now, without waiting for the end of the turn. */
  readonly flush = (): void => {
    this.scheduled = false;
    if (this.to === undefined) return;
    while (!this.closed) {
      const records = this.controls;
      this.controls = [];
      const pieces = this.take(Math.min(this.options.dataBytesMax, this.credit.available));
      if (pieces) records.push({ type: this.options.dataType, pieces });
      const last = this.queuedBytes === 0 ? this.last : undefined;
      if (last) records.push(last.record);
      if (records.length === 0) break;
      this.send(records);
      if (last) {
        this.last = undefined;
        last.sent();
      }
    }
    if (this.queuedBytes === 0) this.releaseWriters();
  };

  private schedule(): void {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    this.link.turns.add(this.flush);
  }

  private take(bytesMax: number): Uint8Array[] | undefined {
    if (bytesMax === 0 || this.queuedBytes === 0) return undefined;
    const pieces: Uint8Array[] = [];
    let room = bytesMax;
    let next: Uint8Array | undefined;
    while (room > 0 && (next = this.queued.shift())) {
      const piece = next.length <= room ? next : next.subarray(0, room);
      if (piece !== next) this.queued.unshift(next.subarray(room));
      pieces.push(piece);
      room -= piece.length;
    }
    const taken = bytesMax - room;
    this.credit.spend(taken);
    this.queuedBytes -= taken;
    return pieces;
  }

  private send(records: readonly FrameRecord[]): void {
    if (this.to === undefined) return;
    const { introduction } = this;
    this.introduction = undefined;
    this.quiet = false;
    this.link.sendNow(this.to, encodeFrame(this.sequence, introduction ? [introduction, ...records] : records));
    this.sequence += 1;
  }

  private releaseWriters(): void {
    const writers = this.writers;
    this.writers = [];
    for (const release of writers) release();
  }
}
