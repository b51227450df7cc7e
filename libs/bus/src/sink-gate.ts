import type { StreamSink } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

/** A promise that callers may leave unwatched: its rejection is also told to them by their next call. */
function unwatched(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

/** What a write to a closed gate fails with. */
export type GateRefusal = (subject: string) => GatewayError;

/**
 * What a producer writes to, on either path. It enforces the order (one head, first), and once closed every write,
 * also one that is waiting for the reader, fails with the reason.
 */
export class SinkGate<Head> implements StreamSink<Head> {
  private opened = false;
  private closed: GateRefusal | undefined;
  private readonly waiting = new Set<(why: GatewayError) => void>();

  constructor(
    private readonly subject: string,
    private readonly inner: StreamSink<Head>,
  ) {}

  head(head: Head): void | Promise<void> {
    if (this.closed) throw this.closed(this.subject);
    if (this.opened) throw new GatewayError('internal', `${this.subject} sent a second head`);
    this.opened = true;
    return this.held(this.inner.head(head));
  }

  data(bytes: Uint8Array): void | Promise<void> {
    if (this.closed) throw this.closed(this.subject);
    if (!this.opened) throw new GatewayError('internal', `${this.subject} sent data before its head`);
    return this.held(this.inner.data(bytes));
  }

  /** The reason is made when it is needed: nearly every gate closes with nobody left to be told. */
  close(why: GateRefusal): void {
    if (this.closed) return;
    this.closed = why;
    for (const reject of this.waiting) reject(why(this.subject));
    this.waiting.clear();
  }

  private held(written: void | Promise<void>): void | Promise<void> {
    if (written === undefined) return undefined;
    return unwatched(
      new Promise((resolve, reject) => {
        this.waiting.add(reject);
        written.then(resolve, reject).finally(() => this.waiting.delete(reject));
      }),
    );
  }
}

/** What a producer that writes after its handler has ended is told. */
export const writeAfterEnd: GateRefusal = (subject) =>
  new GatewayError('internal', `${subject} wrote to a stream that had ended`);
