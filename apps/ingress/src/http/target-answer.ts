import type { Failure, StreamHead, StreamSink } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { Timings } from './timings.js';

/** Where the targets of a plan put what they make, one after the other until one has sent content. */
export interface TargetAnswer extends StreamSink<StreamHead> {
  /** Whether the client has seen content; from then on no other target may be tried (law 8). */
  contentSent(): boolean;
  /** Whether a target has given anything to answer with; without it nothing is complete. */
  isAnswered(): boolean;
  /** The target's grammar ended as it should. */
  complete(): void | Promise<void>;
  /** Nothing more comes: a plain status while none has been sent, the dialect's error and a cut connection after. */
  fail(error: GatewayError, verbatim: Failure['verbatim']): void;
}

export interface AnswerOptions {
  /** Known before the first content: accounting, hold. */
  readonly headers: FlatHeaders;
  /** What the target's head adds. */
  readonly contentHeaders: (head: StreamHead) => FlatHeaders;
  readonly timings: Timings;
}
