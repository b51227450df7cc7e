import type { StreamHead } from '@bytespike/contracts';
import type { Loss } from '@bytespike/ir';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import type { TranslatedAnswer, TranslatedWhole } from '@bytespike/protocols';

import { failedOutcome, keepAll, type AnswerPorts, type Pump } from './pump.js';
import { warningsOf } from './warnings.js';

export interface WholePumpParts extends AnswerPorts {
  readonly translated: TranslatedWhole;
  /** What the request lost. */
  readonly losses: readonly Loss[];
}

const encoder = new TextEncoder();

/** A vendor's whole body as the client's: nothing is sent before all of it has been understood. */
export function createWholePump(parts: WholePumpParts): Pump {
  const { translated, sink } = parts;
  let asked = parts.losses;
  let received: Uint8Array[] = [];
  let bytes = 0;
  let head: StreamHead | undefined;
  let answered = false;

  const translate = (): TranslatedAnswer | GatewayError | undefined => {
    try {
      if (bytes > LIMITS.vendorBodyBytesMax)
        throw new GatewayError(
          'upstream-garbled',
          `The vendor's body is longer than ${LIMITS.vendorBodyBytesMax} bytes.`,
        );
      return translated.push(Buffer.concat(received).toString('utf8'));
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      if (error.kind === 'internal') throw error;
      return error;
    }
  };

  return {
    sink: {
      head: (vendorHead) => {
        head = vendorHead;
      },
      data: (piece) => {
        bytes += piece.length;
        // What is over the limit is not kept; the whole body is refused at its end.
        if (bytes <= LIMITS.vendorBodyBytesMax) received.push(piece);
      },
    },
    async finish(outcome) {
      if (outcome.ending !== 'complete') return outcome;
      const answer = translate();
      if (answer instanceof GatewayError) return failedOutcome(outcome, answer, 'unsent');
      if (!answer) return outcome;
      const losses = [...answer.losses, ...(await keepAll(answer.memories, parts))];
      parts.lost(losses);
      await sink.head({
        ...{ status: 200, contentType: 'application/json', headers: {} },
        servedBy: head?.servedBy ?? '',
        warnings: warningsOf([...asked, ...losses]),
      });
      answered = true;
      await sink.data(encoder.encode(answer.body));
      return outcome;
    },
    next() {
      const continuation = translated.next();
      if (continuation) {
        [received, bytes] = [[], 0];
        asked = [...asked, ...continuation.losses];
        parts.lost(continuation.losses);
      }
      return Promise.resolve(continuation);
    },
    sent: () => (answered ? 'sent' : 'unsent'),
  };
}
