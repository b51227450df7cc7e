import { GatewayError, LIMITS } from '@bytespike/kernel';

import {
  BACKSLASH,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  QUOTE,
  skipSpace,
  stringBytes,
  stringEnd,
  walkValue,
  wordIn,
  wordTable,
  type WordTable,
} from '../json-scan.js';
import type { PeekDialect } from './dialect.js';

export interface ConversationFacts {
  readonly end: number;
  readonly messageCount: number;
  readonly base64Bytes: number;
  readonly mediaCount: number;
  readonly hasImages: boolean;
  readonly hasTools: boolean;
  readonly usesState: boolean;
}

/** Members that may hold inline media or say its kind, in whichever dialect. */
const MEDIA_KEYS = ['type', 'data', 'url', 'image_url', 'file_data', 'mimeType', 'mime_type'] as const;
const KEYS = wordTable([...MEDIA_KEYS, 'role']);
/** Where the members of a message stand: in an object in the list of them. */
const MESSAGE_DEPTH = 2;
const NAMES: ReadonlySet<number> = new Set([MEDIA_KEYS.indexOf('type'), MEDIA_KEYS.length]);
/** Shorter strings under `data` are somebody's own word, not media. */
const BASE64_BYTES_MIN = 64;

const startsWith = (bytes: Uint8Array, from: number, prefix: Uint8Array): boolean => {
  for (let offset = 0; offset < prefix.length; offset += 1) if (bytes[from + offset] !== prefix[offset]) return false;
  return true;
};
const DATA_URL = new TextEncoder().encode('data:');
const IMAGE_MIME = new TextEncoder().encode('image/');

/** A dialect's block names, ready to be looked up in bytes. */
export interface BlockTable {
  readonly words: WordTable;
  readonly meanings: readonly PeekDialect['blocks'][string][];
  readonly unnamed: PeekDialect['unnamed'];
}

export const blockTable = (dialect: PeekDialect): BlockTable => ({
  words: wordTable(Object.keys(dialect.blocks)),
  meanings: Object.values(dialect.blocks),
  unnamed: dialect.unnamed,
});

/** Whether the string at `at` says what it is without being decoded; an escape could spell any word. */
const isPlain = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === QUOTE && !bytes.subarray(at, stringEnd(bytes, at + 1)).includes(BACKSLASH);

/** Walks the messages at `from` once, counting them and what they carry. */
export function readConversation(bytes: Uint8Array, from: number, blocks: BlockTable): ConversationFacts {
  let commas = 0;
  let base64Bytes = 0;
  let mediaCount = 0;
  const seen = { image: false, state: false, tools: false };
  let named = false;
  const endMessage = (): void => {
    if (!named && blocks.unnamed !== undefined) seen[blocks.unnamed] = true;
    named = false;
  };
  const readers: Record<(typeof MEDIA_KEYS)[number], (at: number) => void> = {
    type: (at) => {
      if (bytes[at] !== QUOTE) return;
      const meaning = blocks.meanings[wordIn(blocks.words, bytes, at + 1, stringEnd(bytes, at + 1))];
      if (meaning === undefined) return;
      seen[meaning] = true;
      if (meaning === 'image') mediaCount += 1;
    },
    data: (at) => {
      const length = stringBytes(bytes, at);
      if (length >= BASE64_BYTES_MIN) base64Bytes += length;
    },
    url: dataUrl,
    image_url: dataUrl,
    file_data: dataUrl,
    mimeType: mime,
    mime_type: mime,
  };
  function dataUrl(at: number): void {
    if (bytes[at] === QUOTE && startsWith(bytes, at + 1, DATA_URL)) base64Bytes += stringBytes(bytes, at);
  }
  function mime(at: number): void {
    if (bytes[at] !== QUOTE || !startsWith(bytes, at + 1, IMAGE_MIME)) return;
    seen.image = true;
    mediaCount += 1;
  }
  const byIndex = MEDIA_KEYS.map((key) => readers[key]);
  const end = walkValue(bytes, from, {
    keys: KEYS,
    member: (key, valueAt, depth) => {
      // The two members by which a message is named are the only ones read of it here.
      if (depth === MESSAGE_DEPTH && NAMES.has(key)) named ||= isPlain(bytes, valueAt);
      byIndex[key]?.(valueAt);
    },
    comma: (depth) => {
      if (depth !== 1) return;
      commas += 1;
      endMessage();
    },
  });
  const messageCount = countMessages(bytes, from, commas);
  if (bytes[from] === BRACKET_OPEN && messageCount > 0) endMessage();
  if (messageCount > LIMITS.messagesMax)
    throw new GatewayError(
      'invalid-request',
      `The request has ${messageCount} messages; ${LIMITS.messagesMax} are allowed.`,
    );
  const { image: hasImages, tools: hasTools, state: usesState } = seen;
  return { end, messageCount, base64Bytes, mediaCount, hasImages, hasTools, usesState };
}

function countMessages(bytes: Uint8Array, from: number, commas: number): number {
  if (bytes[from] === QUOTE) return 1;
  if (bytes[from] !== BRACKET_OPEN) return 0;
  return bytes[skipSpace(bytes, from + 1)] === BRACKET_CLOSE ? 0 : commas + 1;
}
