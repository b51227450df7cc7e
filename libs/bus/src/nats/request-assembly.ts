import { GatewayError, LIMITS } from '@bytespike/kernel';

import { BUS_LIMITS } from '../bus-limits.js';
import { unavailable } from '../errors.js';
import { RECORD } from './frame.js';

/** Bodies being put together in this process, so that many slow uploads cannot fill its memory. */
export class AssemblyBudget {
  private bytes = 0;

  take(bytes: number, subject: string): void {
    if (this.bytes + bytes > BUS_LIMITS.assemblyBytesMax)
      throw unavailable(subject, 'too many request bodies are being received');
    this.bytes += bytes;
  }

  give(bytes: number): void {
    this.bytes -= bytes;
  }
}

/** Puts a stream's request together from its records: the input, a body in pieces or none, and the end. */
export class RequestAssembly {
  input: Uint8Array | undefined;
  complete = false;
  private pieces: Uint8Array[] | undefined;
  private bytes = 0;

  constructor(
    private readonly subject: string,
    private readonly budget: AssemblyBudget,
  ) {}

  /** Takes a record; returns how many body bytes it brought. */
  add(type: number, payload: Uint8Array): number {
    if (type === RECORD.input) this.input = payload;
    if (type === RECORD.requestEnd) this.complete = true;
    if (type !== RECORD.body) return 0;
    if (this.bytes + payload.length > LIMITS.textBodyBytesMax)
      throw new GatewayError('too-large', `the body for ${this.subject} is larger than the bus carries`);
    this.budget.take(payload.length, this.subject);
    this.bytes += payload.length;
    this.pieces ??= [];
    this.pieces.push(payload);
    return payload.length;
  }

  /** The whole body; undefined when there is none. Releases what it held. */
  body(): Uint8Array | undefined {
    const { pieces } = this;
    this.release();
    const [only] = pieces ?? [];
    return pieces && (pieces.length === 1 ? only : Buffer.concat(pieces));
  }

  release(): void {
    this.budget.give(this.bytes);
    this.bytes = 0;
    this.pieces = undefined;
  }
}
