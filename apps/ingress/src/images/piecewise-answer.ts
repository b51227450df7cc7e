import type { StreamHead } from '@bytespike/contracts';

import type { Exchange } from '../http/exchange.js';
import { refuse, refuseVerbatim } from '../http/refuse.js';
import { drained } from '../http/stream-answer.js';
import type { AnswerOptions, TargetAnswer } from '../http/target-answer.js';
import { idHeaders } from '../http/write-answer.js';

/**
 * An answer that is one JSON value and too large to be held: it goes out as it is made, and its reader sets the pace.
 * Where it cannot be finished, the connection is cut, since half a value has no way to say so.
 */
export function openPiecewiseAnswer(exchange: Exchange, options: AnswerOptions): TargetAnswer {
  const { response } = exchange;
  let head: StreamHead | undefined;
  return {
    head: (given) => {
      head = given;
    },
    data: (bytes) => {
      if (response.destroyed || !head) return undefined;
      if (!response.headersSent)
        response.writeHead(head.status, [...idHeaders(exchange), ...options.headers, ...options.contentHeaders(head)]);
      exchange.firstContentMark ??= performance.now();
      return response.write(bytes) ? undefined : drained(exchange, options.timings.clientStallMs);
    },
    contentSent: () => response.headersSent,
    isAnswered: () => response.headersSent,
    complete: () => void response.end(),
    fail: (error, verbatim) => {
      if (response.headersSent) response.destroy();
      else if (verbatim) refuseVerbatim(exchange, verbatim);
      else refuse(exchange, error);
    },
  };
}
