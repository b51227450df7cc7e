import { GatewayError } from '@bytespike/kernel';

/** What a writer may still send: spent by the bytes it sends, filled again by the bytes the reader has read. */
export class CreditWindow {
  constructor(private bytes: number) {}

  get available(): number {
    return this.bytes;
  }

  spend(bytes: number): void {
    if (bytes > this.bytes) throw new GatewayError('internal', `spent ${bytes} bytes of a credit of ${this.bytes}`);
    this.bytes -= bytes;
  }

  add(bytes: number): void {
    this.bytes += bytes;
  }
}

/** Counts what was read and says when to grant it: in quarters of the window, so that grants stay rare. */
export class CreditMeter {
  private readBytes = 0;
  private outstanding: number;

  constructor(
    private readonly windowBytes: number,
    private readonly subject: string,
  ) {
    this.outstanding = windowBytes;
  }

  /** Bytes have come from the peer; more than were granted means it does not keep to the window. */
  received(bytes: number): void {
    this.outstanding -= bytes;
    if (this.outstanding < 0) throw new GatewayError('internal', `${this.subject} sent more than its window`);
  }

  /** Bytes have been read; returns how many to grant now, or zero. */
  read(bytes: number): number {
    this.readBytes += bytes;
    if (this.readBytes * 4 < this.windowBytes) return 0;
    const grant = this.readBytes;
    this.readBytes = 0;
    this.outstanding += grant;
    return grant;
  }
}
