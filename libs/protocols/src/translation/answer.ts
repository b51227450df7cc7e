import { GatewayError, tryParseJson } from '@bytespike/kernel';
import {
  foldStream,
  formatLoss,
  unfoldResponse,
  type GenerateRequest,
  type Loss,
  type StreamEvent,
} from '@bytespike/ir';

import { PROTOCOL_OWNERS } from '../owners.js';
import { createSseSplitter, readSseRecord } from '../sse.js';
import { clientCallIds } from './call-ids.js';
import type { ExchangeOptions } from './exchange-options.js';
import { openGiving } from './give-reasoning.js';
import { leaveOutClosingState } from './closing-state.js';
import type { Reader } from './reader.js';
import { openRecollection, type Memory } from './remembered-reasoning.js';
import { openRounds, type Continuation } from './rounds.js';
import type { FittedTools } from './tool-forms.js';
import type { Translatable } from './translatable.js';
import type { WrittenRequest } from './write-request.js';

/** What the way back needs to know of the way there. */
export interface Way {
  readonly client: Translatable;
  readonly target: Translatable;
  readonly asked: GenerateRequest;
  readonly tools: FittedTools;
  /** What was asked as the vendor is asked it: its own names of tools, its own ids. */
  readonly fitted: GenerateRequest;
  readonly written: WrittenRequest;
  readonly reader: Reader;
  /** Whether the reasoning of this answer is kept for the next turn. */
  readonly remembers: 'yes' | 'no';
  readonly options: ExchangeOptions;
}

export interface TranslatedAnswer {
  readonly body: string;
  readonly losses: readonly Loss[];
  /** To be kept before the client sees the answer. */
  readonly memories: readonly Memory[];
}

/** A piece of translated stream: what may be sent on, and how the stream failed if it did. */
export interface TranslatedPiece {
  readonly text: string;
  readonly failure?: GatewayError;
  /** What this piece could not carry; its text says so too where the dialect lets it. */
  readonly losses?: readonly Loss[];
  /** To be kept before the piece is sent: it holds the end of the answer. */
  readonly memories?: readonly Memory[];
}

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

/** One answer on its way to the client. */
interface WayBack {
  /** An event as its client may see it: its own tools, ids it accepts, no foreign state in the open. */
  toClient(event: StreamEvent): readonly StreamEvent[];
  memories(): readonly Memory[];
  /** What the whole answer had that its client was not given. */
  losses(): readonly Loss[];
}

function openWayBack({ client, asked, tools, options, reader, remembers }: Way): WayBack {
  const { vendor, signer, model, createdAt } = options;
  const withIds = clientCallIds(asked, client.names.call);
  const restored = tools.restore();
  const recollection = openRecollection(reader);
  const own = options.target === client.name;
  const native = own && PROTOCOL_OWNERS[client.name] === vendor;
  const give = openGiving({
    ...{ client: client.name, reader, signer, sealed: client.reasoning.sealed },
    // What a wire shows unasked, it shows its own clients.
    amount: own ? 'all' : client.reasoning.given(asked),
    native: native ? 'native' : 'foreign',
  });
  const closing = leaveOutClosingState(native ? 'given' : client.reasoning.behindText);
  return {
    toClient(event) {
      if (event.type === 'response-start') return [{ createdAt, ...event, model }];
      return restored(withIds(event)).flatMap((restoredEvent) => {
        if (remembers === 'yes') recollection.hear(restoredEvent);
        return give(restoredEvent).flatMap(closing.take);
      });
    },
    memories: () => recollection.memories(),
    losses: closing.losses,
  };
}

/** A whole answer that its vendor may give in several rounds. */
export interface TranslatedWhole {
  /** Takes a vendor's body. Nothing is told of an answer that has only paused. Throws `upstream-garbled`. */
  push(body: string): TranslatedAnswer | undefined;
  /** The request for the next round, where there is one. */
  next(): Continuation | undefined;
}

export function translateWhole(way: Way, roundsMax: number): TranslatedWhole {
  const { target, client, asked, options } = way;
  const rounds = openRounds(way, roundsMax);
  const back = openWayBack(way);
  const events: StreamEvent[] = [];
  return {
    push(body) {
      const ir = target.readAnswer(tryParseJson(body), options);
      for (const event of unfoldResponse(ir)) events.push(...rounds.take(event));
      if (events.at(-1)?.type !== 'response-end') return undefined;
      const { wire, losses } = client.writeAnswer(foldStream(events.flatMap(back.toClient)), asked);
      return {
        body: JSON.stringify(wire),
        losses: [...losses, ...rounds.losses(), ...back.losses()],
        memories: back.memories(),
      };
    },
    next: rounds.next,
  };
}

/** Losses in a stream that has begun, for dialects whose clients read past comments. */
const lossComment = (losses: readonly Loss[], { comments }: Translatable): string =>
  losses.length === 0 || comments === 'refused' ? '' : `: x-gateway-warnings: ${losses.map(formatLoss).join(', ')}\n\n`;

export function translateStream(way: Way, roundsMax: number): TranslatedStream {
  const { client, target, asked, options } = way;
  const rounds = openRounds(way, roundsMax);
  let splitter = createSseSplitter();
  let decoder = target.openDecoder(options);
  const encoder = client.openEncoder(asked, options.query);
  const back = openWayBack(way);
  const quiet = client.usageOnRequest && asked.streamUsage !== true;
  let ended = false;

  const writeOne = (event: StreamEvent): { readonly text: string; readonly losses: readonly Loss[] } => {
    const losses = event.type === 'part-whole' ? lossesOf(event, client) : [];
    return { text: lossComment(losses, client) + encoder.push(event), losses };
  };
  const write = (events: readonly StreamEvent[]): TranslatedPiece => {
    let text = '';
    const losses: Loss[] = [];
    let memories: readonly Memory[] = [];
    for (const event of events.flatMap(rounds.take)) {
      if (event.type === 'error')
        return (
          (ended = true),
          pieceOf({ text, losses, memories, failure: new GatewayError(event.kind, event.message) })
        );
      if (quiet && event.type === 'usage') continue;
      if (event.type === 'response-end') memories = back.memories();
      const untold = event.type === 'finish' ? rounds.losses() : event.type === 'response-end' ? back.losses() : [];
      text += lossComment(untold, client);
      losses.push(...untold);
      for (const seen of back.toClient(event)) {
        const written = writeOne(seen);
        text += written.text;
        losses.push(...written.losses);
      }
      if (event.type === 'response-end') ended = true;
    }
    return pieceOf({ text, losses, memories });
  };

  return {
    contentType: encoder.contentType,
    push(bytes) {
      const pieces: TranslatedPiece[] = [];
      try {
        splitter.push(bytes, (record) => {
          if (!ended) pieces.push(write(decoder.push(readSseRecord(record))));
        });
      } catch (thrown) {
        ended = true;
        pieces.push({ text: '', failure: GatewayError.from(thrown) });
      }
      return joined(pieces);
    },
    end: () => (ended ? { text: '' } : write(decoder.end())),
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

/** What the client's dialect cannot hold of a part that came whole. */
const lossesOf = (
  { part, index }: Extract<StreamEvent, { type: 'part-whole' }>,
  client: Translatable,
): readonly Loss[] =>
  client
    .writeAnswer({ parts: [part], finish: { reason: 'other' } })
    .losses.map((loss) => ({ ...loss, path: loss.path.replace(/^parts\.0/, `parts.${index}`) }));

interface Pieces {
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly memories: readonly Memory[];
  readonly failure?: GatewayError | undefined;
}

const pieceOf = ({ text, losses, memories, failure }: Pieces): TranslatedPiece => ({
  text,
  ...(failure && { failure }),
  ...(losses.length > 0 && { losses }),
  ...(memories.length > 0 && { memories }),
});

function joined(pieces: readonly TranslatedPiece[]): TranslatedPiece {
  const [only] = pieces;
  if (pieces.length === 1 && only) return only;
  return pieceOf({
    text: pieces.map(({ text }) => text).join(''),
    losses: pieces.flatMap(({ losses }) => losses ?? []),
    memories: pieces.flatMap(({ memories }) => memories ?? []),
    failure: pieces.find(({ failure }) => failure)?.failure,
  });
}
