import type { ServerResponse } from 'node:http';

import type { StreamHead } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { StreamSeen } from '@bytespike/protocols';
import { reached } from '@bytespike/service';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import { lateWords } from '../domain/late-words.js';
import { afterBytes, isBetweenRecords, isCommentAlone, STREAM_START } from '../domain/record-boundary.js';
import { streamGrammar } from './dialect-errors.js';
import type { Exchange } from './exchange.js';
import { startKeepAlive } from './keep-alive.js';
import { refuse, refuseVerbatim } from './refuse.js';
import type { AnswerOptions, TargetAnswer } from './target-answer.js';
import type { Timings } from './timings.js';
import { idHeaders } from './write-answer.js';

/** Of an answer that nobody has begun. */
const NOTHING_KNOWN: Omit<StreamHead, 'contentType'> = { status: 200, headers: {}, servedBy: '', warnings: [] };

/** A proxy that buffers would undo the streaming. */
export const STREAM_HEADERS = ['cache-control', 'no-cache', 'x-accel-buffering', 'no'] as const;

/**
 * The answer of a streaming request. Its head waits for the first content, so that early failures are plain statuses;
 * after a silence it goes out anyway and keep-alives follow, which leaves the choice of targets open. What only the target
 * could tell is a comment then, for clients that read past comments.
 */
export function openStreamAnswer(exchange: Exchange, options: AnswerOptions): TargetAnswer {
  const { response } = exchange;
  const { timings } = options;
  const grammar = streamGrammar(exchange);
  let tail = STREAM_START;
  let contentSent = false;
  let head: StreamHead | undefined;
  /** What the head said of the answer when it went out before there was one; nothing if that was while a repeat waited. */
  let saidEarly: FlatHeaders | undefined = response.headersSent ? [] : undefined;
  let seen: StreamSeen = {};
  const keepAlive = startKeepAlive(exchange, {
    ...{ grammar, timings },
    begin: (status) => {
      saidEarly = options.contentHeaders({ ...NOTHING_KNOWN, contentType: grammar.contentType });
      begin(status, saidEarly);
    },
    mayStandHere: () => isBetweenRecords(tail),
  });

  function begin(status: number, headers: readonly string[]): void {
    beginStream(exchange, status, [...options.headers, ...headers]);
  }

  return {
    head: (given) => {
      head = given;
    },
    data: (bytes) => {
      if (response.destroyed) return undefined;
      if (head && !response.headersSent) begin(head.status, options.contentHeaders(head));
      if (head && saidEarly && !contentSent)
        response.write(grammar.comment(lateWords(saidEarly, options.contentHeaders(head))));
      contentSent = true;
      exchange.firstContentMark ??= performance.now();
      keepAlive.restart();
      tail = afterBytes(tail, bytes);
      seen = { first: seen.first ?? bytes, last: isCommentAlone(bytes) ? seen.last : bytes };
      const flows = response.write(bytes);
      reached('ingress.content.sent');
      return flows ? undefined : drained(exchange, timings.clientStallMs);
    },
    contentSent: () => contentSent,
    isAnswered: () => contentSent,
    complete: () => {
      keepAlive.stop();
      response.end();
    },
    fail,
  };

  function fail(error: GatewayError, verbatim: Parameters<TargetAnswer['fail']>[1]): void {
    keepAlive.stop();
    if (response.destroyed) return;
    if (!contentSent && !response.headersSent)
      return verbatim ? refuseVerbatim(exchange, verbatim) : refuse(exchange, error);
    const last = grammar.error(error, seen);
    cut(response, isBetweenRecords(tail) ? last : Buffer.concat([grammar.recordEnd, last]), timings.flushMs);
  }
}

/** Sends the head of a stream. */
export function beginStream(exchange: Exchange, status: number, headers: FlatHeaders): void {
  exchange.response.writeHead(status, [...idHeaders(exchange), ...STREAM_HEADERS, ...headers]);
}

/** Ends a stream whose head is out and in which nothing has been said yet. */
export function failBegunStream(exchange: Exchange, error: GatewayError, { flushMs }: Pick<Timings, 'flushMs'>): void {
  if (!exchange.response.destroyed) cut(exchange.response, streamGrammar(exchange).error(error, {}), flushMs);
}

/**
 * Ends a stream that broke: the last bytes are flushed, then the connection is closed without the terminating chunk,
 * so that no client can take it for a whole answer (clients 0.1).
 */
function cut(response: ServerResponse, last: Uint8Array, flushMs: number): void {
  const timer = setTimeout(() => response.destroy(), flushMs);
  response.once('close', () => clearTimeout(timer));
  response.write(last, () => response.socket?.destroySoon());
}

/** Back-pressure: resolves when the client has read on, or is gone. One that stays still is dropped. */
export function drained(exchange: Exchange, stallMs: number): Promise<void> {
  const { response } = exchange;
  return new Promise((resolve) => {
    const proceed = (): void => {
      clearTimeout(timer);
      response.off('drain', proceed).off('close', proceed);
      resolve();
    };
    const timer = setTimeout(() => {
      exchange.abort(new GatewayError('cancelled', 'The client stopped reading.'));
      response.destroy();
    }, stallMs);
    response.once('drain', proceed).once('close', proceed);
  });
}
