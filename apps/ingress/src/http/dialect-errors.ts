import type { GatewayError } from '@bytespike/kernel';
import {
  accountErrorAnswer,
  streamFormOf,
  WIRES,
  type ErrorAnswer,
  type StreamSeen,
  type TellableError,
} from '@bytespike/protocols';

import type { Exchange } from './exchange.js';

type Told = Pick<Exchange, 'dialect' | 'requestId'>;

const tellable = (
  { requestId }: Told,
  { kind, publicMessage, retryAfterMs, details }: GatewayError,
): TellableError => ({
  kind,
  publicMessage,
  requestId,
  retryAfterMs,
  details,
});

/** A refusal as the caller's client reads it. */
export function errorAnswer(told: Told, error: GatewayError): ErrorAnswer {
  const tell = told.dialect === 'management' ? accountErrorAnswer : WIRES[told.dialect].errors.errorBody;
  return tell(tellable(told, error));
}

/** What we may say of our own in a stream that is the vendor's. */
export interface StreamGrammar {
  readonly contentType: string;
  /** Ends a record that broke in its middle, so that what follows is read as one of its own. */
  readonly recordEnd: Uint8Array;
  readonly keepAlive: Uint8Array | undefined;
  /** Words between two records that no client takes for an answer; none where clients break on them. */
  comment(lines: readonly string[]): string;
  error(error: GatewayError, seen: StreamSeen): Uint8Array;
}

const NOTHING = new Uint8Array(0);
const BLANK_LINE = Buffer.from('\n\n');

/** The grammar of a streaming exchange: server-sent events everywhere but on a Gemini stream without `alt=sse`. */
export function streamGrammar(exchange: Exchange): StreamGrammar {
  const { dialect, query } = exchange;
  if (dialect === 'management') throw new TypeError('the account surface does not stream');
  const { keepAlive, streamError } = WIRES[dialect].errors;
  if (streamFormOf(dialect, query) === 'list')
    return {
      contentType: 'application/json; charset=utf-8',
      recordEnd: NOTHING,
      keepAlive: undefined,
      comment: () => '',
      // One more element of the array, which stays open because the connection is cut.
      error: (error, { first }) => Buffer.from(`${first ? ',' : '['}\n${errorAnswer(exchange, error).body}`),
    };
  return {
    contentType: 'text/event-stream; charset=utf-8',
    recordEnd: BLANK_LINE,
    keepAlive,
    comment: (lines) =>
      keepAlive === undefined || lines.length === 0 ? '' : `${lines.map((line) => `: ${line}\n`).join('')}\n`,
    error: (error, seen) => streamError(tellable(exchange, error), seen),
  };
}
