import type { ProtocolName } from '@bytespike/kernel';

import { findChatFault, readChatStream } from './chat-grammar.js';
import { findGeminiFault, readGeminiStream } from './gemini-grammar.js';
import { findMessagesFault, readMessagesStream } from './messages-grammar.js';
import { findResponsesFault, readResponsesStream } from './responses-grammar.js';

type Json = Readonly<Record<string, unknown>>;

interface ClientStream {
  /** The first way in which a stream breaks the dialect's grammar. */
  findFault(text: string, expected: 'whole' | 'cut'): string | undefined;
  /** Whether a client of the dialect takes this item for the end of a whole answer, or for the word that announces it. */
  endsNormally(item: Json | string): boolean;
  /** Whether a stream ends in the dialect's own form of a failure, fitting what came before it (protocols 2.14). */
  tellsFailure(items: readonly (Json | string)[]): boolean;
}

const typeOf = (item: Json | string | undefined): unknown => (typeof item === 'object' ? item['type'] : item);
const hasError = (item: Json | string | undefined): boolean =>
  typeof item === 'object' && typeof item['error'] === 'object' && item['error'] !== null;
const first = (list: unknown): Json => (Array.isArray(list) ? ((list as readonly Json[])[0] ?? {}) : {});

const STREAMS: Partial<Readonly<Record<ProtocolName, ClientStream>>> = {
  'anthropic-messages': {
    findFault: (text, expected) => findMessagesFault(readMessagesStream(text), expected),
    endsNormally: (item) => ['message_delta', 'message_stop'].includes(String(typeOf(item))),
    tellsFailure: (items) => typeOf(items.at(-1)) === 'error' && hasError(items.at(-1)),
  },
  'openai-chat': {
    findFault: (text, expected) => findChatFault(readChatStream(text), expected),
    endsNormally: (item) =>
      typeof item === 'string' ? item === '[DONE]' : typeof first(item['choices'])['finish_reason'] === 'string',
    tellsFailure: (items) => hasError(items.at(-1)),
  },
  'openai-responses': {
    findFault: (text, expected) => findResponsesFault(readResponsesStream(text), expected),
    endsNormally: (item) => ['response.completed', 'response.incomplete'].includes(String(typeOf(item))),
    tellsFailure: (items) =>
      typeOf(items.at(-2)) === 'error' &&
      typeOf(items.at(-1)) === 'response.failed' &&
      items.every((item, position) => typeof item === 'object' && item['sequence_number'] === position),
  },
  'gemini-generate': {
    findFault: (text, expected) => findGeminiFault(readGeminiStream(text), expected),
    endsNormally: (item) =>
      typeof item === 'object' &&
      (typeof first(item['candidates'])['finishReason'] === 'string' || item['promptFeedback'] !== undefined),
    tellsFailure: (items) => hasError(items.at(-1)),
  },
};

/** How a client of this protocol judges what it is sent. */
export function clientStream(client: ProtocolName): ClientStream {
  const found = STREAMS[client];
  if (!found) throw new Error(`${client} has no grammar in libs/protocols/src/testing: write one from the reference`);
  return found;
}

/** What the `data` lines of an SSE text carry. */
export const dataItems = (text: string): readonly (Json | string)[] =>
  text
    .split('\n\n')
    .map((record) => record.split('\n').find((line) => line.startsWith('data: ')))
    .flatMap((line) => (line === undefined ? [] : [line.slice('data: '.length)]))
    .map((data) => (data.startsWith('{') ? (JSON.parse(data) as Json) : data));

/** Whether any item of the text looks like a normal end. */
export const endsNormally = (client: ProtocolName, text: string): boolean =>
  dataItems(text).some((item) => clientStream(client).endsNormally(item));
