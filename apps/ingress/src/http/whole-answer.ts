import { GatewayError, LIMITS } from '@bytespike/kernel';
import type { StreamHead } from '@bytespike/contracts';

import type { Exchange } from './exchange.js';
import { refuse, refuseVerbatim } from './refuse.js';
import type { AnswerOptions, TargetAnswer } from './target-answer.js';
import { writeAnswer } from './write-answer.js';

/**
 * The answer of a request that did not ask for a stream: kept until the target has ended well, then sent with its
 * length in one go. So whatever fails on the way is still a plain status.
 */
export function openWholeAnswer(exchange: Exchange, options: AnswerOptions): TargetAnswer {
  let head: StreamHead | undefined;
  let pieces: Uint8Array[] = [];
  let length = 0;
  return {
    head: (given) => {
      head = given;
      pieces = [];
      length = 0;
    },
    data: (bytes) => {
      length += bytes.length;
      if (length > LIMITS.vendorBodyBytesMax)
        throw new GatewayError('upstream-garbled', 'the answer is larger than the limit');
      pieces.push(bytes);
    },
    contentSent: () => false,
    isAnswered: () => head !== undefined && length > 0,
    complete: () => {
      if (!head) return;
      exchange.firstContentMark = performance.now();
      writeAnswer(exchange, {
        status: head.status,
        headers: options.headers.concat(options.contentHeaders(head)),
        body: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length),
      });
    },
    fail: (error, verbatim) => (verbatim ? refuseVerbatim(exchange, verbatim) : refuse(exchange, error)),
  };
}
