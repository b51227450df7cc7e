import type { ProtocolName } from '@bytespike/kernel';

import type { Answered, Ask, Received } from '../neutral.js';

/** A request as a client sends it. */
export interface Wired {
  readonly path: string;
  readonly body: object;
}

/** One protocol as clients write it and vendors read it: from the vendors' pages, with no code of ours in between. */
export interface Dialect {
  readonly protocol: ProtocolName;
  /** Whether a client can say that it wants to see the reasoning. */
  readonly asksToSee: boolean;
  /** Throws `Inexpressible` where the dialect has no word for something. */
  write(ask: Ask, model: string, stream: boolean): Wired;
  /** The same request to be counted. */
  writeCount(ask: Ask, model: string): Wired;
  readCount(answer: unknown): number;
  /** A body as the vendor of this dialect received it. */
  readRequest(body: unknown): Received;
  /** A whole answer; streams are folded first. */
  readAnswer(answer: unknown): Answered;
  /** The whole answer that a stream amounts to; `undefined` where it does not end as the grammar says. */
  fold(events: readonly unknown[]): unknown;
  /** Whether a stream says, in its dialect, that it failed. */
  failed(events: readonly unknown[]): boolean;
}
