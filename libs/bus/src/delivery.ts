import type { StreamSink } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';

/** Who is told how the reading goes. */
export interface Delivering {
  onRead(bytes: number): void;
  onReaderFailure(error: unknown): void;
}

type Put<Head, Piece> = (sink: StreamSink<Head>, piece: Piece) => void | Promise<void>;

const putHead = <Head>(sink: StreamSink<Head>, head: Head) => sink.head(head);
const putData = <Head>(sink: StreamSink<Head>, bytes: Uint8Array) => sink.data(bytes);

/**
 * Hands a stream to its reader in order. A reader that answers at once costs no promise; one that returns a promise is
 * waited for, and what comes meanwhile is queued, within the window.
 */
export class Delivery<Head> {
  /** Settles when everything queued so far has been read; undefined when nothing is waiting. */
  tail: Promise<void> | undefined;
  private queuedBytes = 0;
  private closed = false;

  constructor(
    private readonly sink: StreamSink<Head>,
    private readonly owner: Delivering,
  ) {}

  head(head: Head): void | Promise<void> {
    return this.deliver(putHead, head, 0);
  }

  data(bytes: Uint8Array): void | Promise<void> {
    if (this.queuedBytes > 0 && this.queuedBytes + bytes.length > 2 * LIMITS.streamWindowBytes)
      throw new GatewayError('internal', 'the producer wrote beyond the window without waiting');
    return this.deliver(putData, bytes, bytes.length);
  }

  /** Nothing more reaches the reader; what is queued is dropped. */
  close(): void {
    this.closed = true;
  }

  private deliver<Piece>(put: Put<Head, Piece>, piece: Piece, size: number): void | Promise<void> {
    if (this.closed) return undefined;
    if (this.tail)
      return this.wait(
        this.tail.then(() => (this.closed ? undefined : put(this.sink, piece))),
        size,
      );
    let written: void | Promise<void>;
    try {
      written = put(this.sink, piece);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
    if (isPromise(written)) return this.wait(written, size);
    this.owner.onRead(size);
  }

  private wait(written: Promise<void>, size: number): Promise<void> {
    this.queuedBytes += size;
    const tail = written.then(
      () => {
        this.queuedBytes -= size;
        if (this.tail === tail) this.tail = undefined;
        if (!this.closed) this.owner.onRead(size);
      },
      (error: unknown) => this.fail(error),
    );
    this.tail = tail;
    return tail;
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.owner.onReaderFailure(error);
  }
}

/** A reader typed to return nothing may still return what its last call did, a boolean say. */
const isPromise = (value: unknown): value is Promise<void> =>
  typeof value === 'object' && value !== null && 'then' in value;
