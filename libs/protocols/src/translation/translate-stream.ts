import { GatewayError, LIMITS } from '@bytespike/kernel';
import { formatLoss, type Loss, type StreamEvent } from '@bytespike/ir';

import { createSseSplitter, readSseRecord } from '../sse.js';
import type { Memory } from './reasoning/remembered-reasoning.js';
import { openRounds, type Continuation } from './rounds.js';
import type { Translatable } from './translatable.js';
import type { Way } from './way.js';
import { openWayBack } from './way-back.js';

/** A piece of translated stream: what may be sent on, and how the stream failed if it did. */
export interface TranslatedPiece {
  readonly text: string;
  readonly failure?: GatewayError;
  /** What this piece could not carry; its text says so too where the dialect lets it. */
  readonly losses?: readonly Loss[];
  /** To be kept before the piece is sent: it holds the end of the answer. */
  readonly memories?: readonly Memory[];
}

/** A vendor's stream on its way into the client's dialect, piece by piece. */
export interface TranslatedStream {
  readonly contentType: string;
  push(bytes: Uint8Array): TranslatedPiece;
  /** What is owed after a clean end. A stream without its terminator fails here and is given none. */
  end(): TranslatedPiece;
  /** The request for the next round, where the vendor has paused; what is pushed from here on answers it. */
  next(): Continuation | undefined;
  /** Losses as a record of their own; empty where the client would trip over it. */
  tell(losses: readonly Loss[]): string;
}

/** A piece that is being made of what was pushed. */
interface Growing {
  text: string;
  losses: Loss[];
  memories: readonly Memory[];
  failure: GatewayError | undefined;
}

const newPiece = (): Growing => ({ text: '', losses: [], memories: [], failure: undefined });

const pieceOf = ({ text, losses, memories, failure }: Growing): TranslatedPiece => ({
  text,
  ...(failure && { failure }),
  ...(losses.length > 0 && { losses }),
  ...(memories.length > 0 && { memories }),
});

export function translateStream(way: Way, roundsMax: number): TranslatedStream {
  const { client, target, asked, options } = way;
  const rounds = openRounds(way, roundsMax);
  let splitter = createSseSplitter();
  let decoder = target.openDecoder(options);
  const encoder = client.openEncoder(asked, options.query);
  const back = openWayBack(way);
  const quiet = client.usageOnRequest && asked.streamUsage !== true;
  const hold = openBound();
  let ended = false;

  const write = (event: StreamEvent, piece: Growing): void => {
    if (quiet && event.type === 'usage') return;
    if (event.type === 'response-end') {
      tell(back.losses(), client, piece);
      piece.memories = back.memories();
      ended = true;
    }
    if (event.type === 'finish') tell(rounds.losses(), client, piece);
    for (const seen of back.toClient(event)) {
      if (seen.type === 'part-whole') tell(lossesOf(seen, client), client, piece);
      piece.text += encoder.push(seen);
    }
  };
  const writeAll = (events: readonly StreamEvent[], piece: Growing): void => {
    for (const came of events)
      for (const event of rounds.take(came)) {
        if (event.type === 'error') {
          ended = true;
          piece.failure = new GatewayError(event.kind, event.message);
          return;
        }
        write(event, piece);
      }
  };
  const read = (record: Uint8Array, piece: Growing): void => {
    if (ended) return;
    const events = decoder.push(readSseRecord(record));
    hold(events, record.length);
    writeAll(events, piece);
  };

  return {
    contentType: encoder.contentType,
    push(bytes) {
      const piece = newPiece();
      try {
        splitter.push(bytes, (record) => read(record, piece));
      } catch (thrown) {
        ended = true;
        piece.failure ??= GatewayError.from(thrown);
      }
      return pieceOf(piece);
    },
    end() {
      const piece = newPiece();
      if (!ended) writeAll(decoder.end(), piece);
      return pieceOf(piece);
    },
    next() {
      const continuation = rounds.next();
      if (continuation) {
        splitter = createSseSplitter();
        decoder = target.openDecoder(options);
      }
      return continuation;
    },
    tell: (losses) => lossComment(losses, client),
  };
}

/**
 * Refuses an answer of which more would have to be held than a whole one may be long. A record makes us hold the text
 * of its deltas at most, since some dialects repeat the answer at its end, or all of it where it is anything else; the
 * envelopes of deltas are most of a stream, and held by nobody.
 */
function openBound(): (events: readonly StreamEvent[], recordBytes: number) => void {
  let held = 0;
  return (events, recordBytes) => {
    held += events.length > 0 && events.every(isLight) ? textLength(events) : recordBytes;
    if (held > LIMITS.vendorBodyBytesMax)
      throw new GatewayError('upstream-garbled', `an answer is longer than ${LIMITS.vendorBodyBytesMax} bytes`);
  };
}

const isLight = (event: StreamEvent): boolean => 'text' in event || event.type === 'ping';
const textLength = (events: readonly StreamEvent[]): number =>
  events.reduce((length, event) => length + ('text' in event ? event.text.length : 0), 0);

/** Losses in a stream that has begun, for dialects whose clients read past comments. */
const lossComment = (losses: readonly Loss[], { comments }: Translatable): string =>
  losses.length === 0 || comments === 'refused' ? '' : `: x-gateway-warnings: ${losses.map(formatLoss).join(', ')}\n\n`;

function tell(losses: readonly Loss[], client: Translatable, piece: Growing): void {
  if (losses.length === 0) return;
  piece.text += lossComment(losses, client);
  piece.losses.push(...losses);
}

/** What the client's dialect cannot hold of a part that came whole. */
const lossesOf = (
  { part, index }: Extract<StreamEvent, { type: 'part-whole' }>,
  client: Translatable,
): readonly Loss[] =>
  client
    .writeAnswer({ parts: [part], finish: { reason: 'other' } })
    .losses.map((loss) => ({ ...loss, path: loss.path.replace(/^parts\.0/, `parts.${index}`) }));
