import type { StreamHead } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';
import type { TranslatedPiece, TranslatedStream } from '@bytespike/protocols';

import { failedOutcome, keepAll, type AnswerPorts, type Pump } from './pump.js';

export interface StreamPumpParts extends AnswerPorts {
  readonly translated: TranslatedStream;
  readonly warnings: string[];
  /** Aborted when the vendor's stream turns out to be unreadable: nobody should pay for the rest of it. */
  readonly broken: AbortController;
}

const encoder = new TextEncoder();
const RECORD_END = encoder.encode('\n\n');

/**
 * A vendor's stream as the client's. The head waits for the first translated bytes, so that a stream which is
 * unreadable from the start is a failure that another target may still make good. A terminator is written only when
 * the vendor's own has come; the error form of a broken stream is the rim's to write.
 */
export function createStreamPump(parts: StreamPumpParts): Pump {
  const { translated, warnings, sink, broken } = parts;
  let vendorHead: StreamHead | undefined;
  let headSent = false;
  let failure: GatewayError | undefined;

  const pass = async (piece: TranslatedPiece): Promise<void> => {
    const forgotten = piece.memories ? await keepAll(piece.memories, parts) : [];
    parts.lost([...(piece.losses ?? []), ...forgotten]);
    const text = translated.tell(forgotten) + piece.text;
    if (text !== '') {
      if (!headSent) {
        headSent = true;
        await sink.head(clientHead(translated.contentType, vendorHead, warnings));
      }
      await sink.data(encoder.encode(text));
    }
    if (!piece.failure) return;
    failure = piece.failure;
    broken.abort(piece.failure);
  };

  const sent = () => (headSent ? 'sent' : 'unsent');

  return {
    sink: {
      head: (head) => {
        vendorHead = head;
      },
      data: (bytes) => (failure ? undefined : pass(translated.push(bytes))),
    },
    async finish(outcome) {
      if (!failure && outcome.ending === 'complete') {
        // The adapter has seen all of it: the last record is whole, though some vendors leave out the blank line after it.
        await pass(translated.push(RECORD_END));
        await pass(translated.end());
      }
      return failure ? failedOutcome(outcome, failure, sent()) : outcome;
    },
    async next() {
      const continuation = translated.next();
      if (continuation) await pass({ text: translated.tell(continuation.losses), losses: continuation.losses });
      return continuation;
    },
    sent,
  };
}

/** The vendor's headers are in its own words and stay behind. */
const clientHead = (contentType: string, head: StreamHead | undefined, warnings: string[]): StreamHead => ({
  status: 200,
  contentType,
  headers: {},
  servedBy: head?.servedBy ?? '',
  warnings,
});
