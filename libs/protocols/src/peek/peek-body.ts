import { tryParseJson } from '@bytespike/kernel';

import {
  asciiText,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_OPEN,
  JsonFault,
  QUOTE,
  skipSpace,
  stringEnd,
  walkValue,
} from '../json-scan.js';
import { scanning } from './body-position.js';
import type { PeekDialect, PeekFact, PeekMembers } from './dialect.js';
import type { IncludeUsage, PeekedBody, PeekedString } from './peeked-body.js';
import { blockTable, readConversation, type BlockTable } from './read-conversation.js';
import { decodeString, scanObject } from './scan-object.js';

interface Draft {
  model?: PeekedString;
  stream?: boolean;
  maxOutput?: number;
  choices: number;
  hasTools: boolean;
  mayHaveImages: boolean;
  thinking: boolean;
  usesState: boolean;
  messageCount: number;
  base64Bytes: number;
  mediaCount: number;
  /** The member that asks for usage: what it says and where its value stands. */
  usageWanted?: { readonly asked: boolean; readonly at: number; readonly end: number };
  /** The object that would hold that member. */
  usageContainer?: { readonly at: number; readonly end: number };
}

/** Words under which a reasoning switch is off; anything else turns it on. */
const THINKING_OFF: readonly unknown[] = ['disabled', 'none', 'off', null];

const isNull = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0x6e;

const scalar = (bytes: Uint8Array, at: number, end: number): unknown => tryParseJson(asciiText(bytes, at, end));

function readCount(bytes: Uint8Array, key: string, at: number, end: number): number {
  const value = scalar(bytes, at, end);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new JsonFault(at, `"${key}" must be a whole number, not negative`);
}

type FactReader = (draft: Draft, bytes: Uint8Array, key: string, at: number) => number;

/** A reader returns the index behind the value; `null` never reaches one. */
const READERS: Record<Exclude<PeekFact, 'conversation'>, FactReader> = {
  model: (draft, bytes, key, at) => {
    if (bytes[at] !== QUOTE) throw new JsonFault(at, `"${key}" must be a string`);
    const end = stringEnd(bytes, at + 1);
    draft.model = { value: decodeString(bytes, at, end), at, length: end + 1 - at };
    return end + 1;
  },
  stream: (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    const value = end - at > 5 ? undefined : scalar(bytes, at, end);
    if (typeof value !== 'boolean') throw new JsonFault(at, `"${key}" must be true or false`);
    draft.stream = value;
    return end;
  },
  'max-output': (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    draft.maxOutput = Math.max(draft.maxOutput ?? 0, readCount(bytes, key, at, end));
    return end;
  },
  choices: (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    draft.choices = Math.max(1, readCount(bytes, key, at, end));
    return end;
  },
  tools: (draft, bytes, _key, at) => {
    draft.hasTools ||= bytes[at] === BRACKET_OPEN && bytes[skipSpace(bytes, at + 1)] !== 0x5d;
    return walkValue(bytes, at);
  },
  state: (draft, bytes, _key, at) => {
    draft.usesState = true;
    return walkValue(bytes, at);
  },
  thinking: (draft, bytes, _key, at) => {
    const end = walkValue(bytes, at);
    draft.thinking ||= bytes[at] !== QUOTE || !THINKING_OFF.includes(decodeString(bytes, at, end - 1));
    return end;
  },
  'thinking-budget': (draft, bytes, _key, at) => {
    const end = walkValue(bytes, at);
    draft.thinking ||= scalar(bytes, at, end) !== 0;
    return end;
  },
  'usage-wanted': (draft, bytes, _key, at) => {
    const end = walkValue(bytes, at);
    draft.usageWanted = { asked: bytes[at] === 0x74, at, end };
    return end;
  },
};

function readMembers(
  draft: Draft,
  bytes: Uint8Array,
  from: number,
  members: PeekMembers,
  reader: DialectReader,
): number {
  const seen = new Set<string>();
  return scanObject(bytes, from, (key, keyAt, at) => {
    const meaning = Object.hasOwn(members, key) ? members[key] : undefined;
    if (meaning === undefined) return walkValue(bytes, at);
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    // The vendor might read the first of two and we the last: what we admit must be what it serves.
    if (seen.has(name)) throw new JsonFault(keyAt, `"${key}" appears twice`);
    seen.add(name);
    const container = key === reader.dialect.askForUsage?.container;
    if (isNull(bytes, at)) {
      const end = walkValue(bytes, at);
      if (container) draft.usageContainer = { at, end };
      if (meaning === 'usage-wanted') draft.usageWanted = { asked: false, at, end };
      return end;
    }
    if (typeof meaning === 'string')
      return meaning === 'conversation'
        ? readMessages(draft, bytes, at, reader)
        : READERS[meaning](draft, bytes, key, at);
    if (bytes[at] !== BRACE_OPEN) return walkValue(bytes, at);
    const end = readMembers(draft, bytes, at, meaning, reader);
    if (container) draft.usageContainer = { at, end };
    return end;
  });
}

function readMessages(draft: Draft, bytes: Uint8Array, at: number, reader: DialectReader): number {
  const facts = readConversation(bytes, at, reader.blocks);
  draft.messageCount += facts.messageCount;
  draft.base64Bytes += facts.base64Bytes;
  draft.mediaCount += facts.mediaCount;
  draft.mayHaveImages ||= facts.hasImages;
  draft.hasTools ||= facts.hasTools;
  draft.usesState ||= facts.usesState;
  return facts.end;
}

function includeUsage(draft: Draft, bytes: Uint8Array, bodyAt: number, dialect: PeekDialect): IncludeUsage {
  const ask = dialect.askForUsage;
  if (ask === undefined || draft.stream !== true || draft.usageWanted?.asked === true) return { state: 'reported' };
  const wanted = draft.usageWanted;
  if (wanted) return { state: 'askable', edit: { at: wanted.at, length: wanted.end - wanted.at, text: 'true' } };
  const member = `"${ask.key}":true`;
  const container = draft.usageContainer;
  if (container === undefined)
    return { state: 'askable', edit: { at: bodyAt + 1, length: 0, text: `"${ask.container}":{${member}},` } };
  if (isNull(bytes, container.at))
    return { state: 'askable', edit: { at: container.at, length: container.end - container.at, text: `{${member}}` } };
  const empty = bytes[skipSpace(bytes, container.at + 1)] === BRACE_CLOSE;
  return { state: 'askable', edit: { at: container.at + 1, length: 0, text: empty ? member : `${member},` } };
}

interface DialectReader {
  readonly dialect: PeekDialect;
  readonly blocks: BlockTable;
}

/** Builds the reader of one dialect: its tables are made once, not per request. */
export function createPeek(dialect: PeekDialect): (bytes: Uint8Array) => PeekedBody {
  const reader: DialectReader = { dialect, blocks: blockTable(dialect) };
  return (bytes) => scanning(bytes, () => peek(bytes, reader));
}

function peek(bytes: Uint8Array, reader: DialectReader): PeekedBody {
  const draft: Draft = {
    choices: 1,
    hasTools: false,
    mayHaveImages: false,
    thinking: false,
    usesState: false,
    messageCount: 0,
    base64Bytes: 0,
    mediaCount: 0,
  };
  const bodyAt = skipSpace(bytes, 0);
  if (bodyAt === bytes.length) throw new JsonFault(0, 'the body is empty');
  const end = skipSpace(bytes, readMembers(draft, bytes, bodyAt, reader.dialect.members, reader));
  if (end < bytes.length) throw new JsonFault(end, 'something follows the object');
  const { usageWanted: _wanted, usageContainer: _container, base64Bytes, mediaCount, ...facts } = draft;
  return {
    ...facts,
    stream: draft.stream ?? false,
    includeUsage: includeUsage(draft, bytes, bodyAt, reader.dialect),
    input: { textBytes: bytes.length - base64Bytes, base64Bytes, mediaCount },
  };
}
