import { GatewayError, LIMITS } from '@bytespike/kernel';

import {
  BACKSLASH,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  QUOTE,
  skipSpace,
  stringEnd,
  walkValue,
  wordIn,
  wordTable,
  type MemberVisitor,
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
  /** Searches that tools among the messages offer. */
  readonly searches: number;
  readonly usesState: boolean;
}

/** Members that may hold inline media or say its kind, in whichever dialect. */
const MEDIA_KEYS = ['type', 'data', 'url', 'image_url', 'file_data', 'result', 'mimeType', 'mime_type'] as const;
/** Objects that are a model's or a tool's words: whatever they look like, they are read as text. */
const WORD_KEYS = ['input', 'args', 'response'] as const;
const KEYS = wordTable([...MEDIA_KEYS, 'role', ...WORD_KEYS]);
const FIRST_WORD_KEY = MEDIA_KEYS.length + 1;
/** Where the members of a message stand: in an object in the list of them. */
const MESSAGE_DEPTH = 2;
const NAMES: ReadonlySet<number> = new Set([MEDIA_KEYS.indexOf('type'), MEDIA_KEYS.length]);
/** Shorter strings under `data` or `result` are somebody's own word, not media. */
const BASE64_BYTES_MIN = 64;

/** Whether the value at `at` is a string that begins so. */
function opensWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  if (bytes[at] !== QUOTE) return false;
  for (let offset = 0; offset < prefix.length; offset += 1) if (bytes[at + 1 + offset] !== prefix[offset]) return false;
  return true;
}
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

/** How many bytes the string at `at` is said to have. */
export type Weigh = (bytes: Uint8Array, at: number) => number;

/** How a conversation is read. */
export interface ConversationReader {
  readonly blocks: BlockTable;
  readonly weigh: Weigh;
}

/** Whether the string at `at` says what it is without being decoded; an escape could spell any word. */
const isPlain = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === QUOTE && !bytes.subarray(at, stringEnd(bytes, at + 1)).includes(BACKSLASH);

/** What one walk over the messages has met. */
class ConversationScan implements MemberVisitor {
  readonly keys = KEYS;
  commas = 0;
  base64Bytes = 0;
  mediaCount = 0;
  hasImages = false;
  hasTools = false;
  searches = 0;
  usesState = false;
  private named = false;
  /** Where the object with a member of words stands; what lies deeper is not looked at until that member has ended. */
  private wordsBelow = Infinity;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly reader: ConversationReader,
  ) {}

  member(key: number, valueAt: number, depth: number): void {
    if (depth > this.wordsBelow) return;
    if (key >= FIRST_WORD_KEY) {
      if (this.bytes[valueAt] === BRACE_OPEN) this.wordsBelow = depth;
      return;
    }
    // The two members by which a message is named are the only ones read of it here.
    if (depth === MESSAGE_DEPTH && NAMES.has(key)) this.named ||= isPlain(this.bytes, valueAt);
    switch (MEDIA_KEYS[key]) {
      case 'type':
        return this.readType(valueAt);
      case 'data':
        this.readBase64(valueAt);
        return;
      case 'result':
        // A picture that a model has drawn, sent back: an item of its own. Deeper, it is somebody's word.
        if (depth === MESSAGE_DEPTH && this.readBase64(valueAt)) this.mediaCount += 1;
        return;
      case 'url':
      case 'image_url':
      case 'file_data':
        if (opensWith(this.bytes, valueAt, DATA_URL)) this.base64Bytes += this.reader.weigh(this.bytes, valueAt);
        return;
      case 'mimeType':
      case 'mime_type':
        if (opensWith(this.bytes, valueAt, IMAGE_MIME)) this.see('image');
    }
  }

  comma(depth: number): void {
    if (depth <= this.wordsBelow) this.wordsBelow = Infinity;
    if (depth !== 1) return;
    this.commas += 1;
    this.endMessage();
  }

  endMessage(): void {
    const { unnamed } = this.reader.blocks;
    if (!this.named && unnamed !== undefined) this.see(unnamed);
    this.named = false;
  }

  private readBase64(at: number): boolean {
    const length = this.reader.weigh(this.bytes, at);
    if (length < BASE64_BYTES_MIN) return false;
    this.base64Bytes += length;
    return true;
  }

  private readType(at: number): void {
    if (this.bytes[at] !== QUOTE) return;
    const { words, meanings } = this.reader.blocks;
    const meaning = meanings[wordIn(words, this.bytes, at + 1, stringEnd(this.bytes, at + 1))];
    if (meaning !== undefined) this.see(meaning);
  }

  private see(what: PeekDialect['blocks'][string]): void {
    if (what === 'state') this.usesState = true;
    if (what === 'tools') this.hasTools = true;
    if (what === 'search') this.searches += 1;
    if (what !== 'image') return;
    this.hasImages = true;
    this.mediaCount += 1;
  }
}

/** Walks the messages at `from` once, counting them and what they carry. */
export function readConversation(bytes: Uint8Array, from: number, reader: ConversationReader): ConversationFacts {
  const scan = new ConversationScan(bytes, reader);
  const end = walkValue(bytes, from, scan);
  const messageCount = countMessages(bytes, from, scan.commas);
  if (bytes[from] === BRACKET_OPEN && messageCount > 0) scan.endMessage();
  if (messageCount > LIMITS.messagesMax)
    throw new GatewayError(
      'invalid-request',
      `The request has ${messageCount} messages; ${LIMITS.messagesMax} are allowed.`,
    );
  const { base64Bytes, mediaCount, hasImages, hasTools, searches, usesState } = scan;
  return { end, messageCount, base64Bytes, mediaCount, hasImages, hasTools, searches, usesState };
}

function countMessages(bytes: Uint8Array, from: number, commas: number): number {
  if (bytes[from] === QUOTE) return 1;
  if (bytes[from] !== BRACKET_OPEN) return 0;
  return bytes[skipSpace(bytes, from + 1)] === BRACKET_CLOSE ? 0 : commas + 1;
}
