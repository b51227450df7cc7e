import { BRACE_OPEN, isNull, JsonFault, skipSpace, stringBytes, walkValue } from '../json-scan.js';
import { scanning } from './body-position.js';
import type { PeekDialect, PeekMembers } from './dialect.js';
import { offerSearches, startDraft, type Draft } from './draft.js';
import { includeUsage } from './include-usage.js';
import type { PeekedBody } from './peeked-body.js';
import { blockTable, readConversation, type BlockTable, type Weigh } from './read-conversation.js';
import { FACT_READERS } from './read-fact.js';
import { knownNames, scanObject, type KnownNames } from './scan-object.js';

interface DialectReader {
  readonly dialect: PeekDialect;
  readonly blocks: BlockTable;
  readonly known: KnownNames;
  readonly weigh: Weigh;
}

/** The names a dialect gives a meaning to, at whichever depth. */
const namesOf = (members: PeekMembers): readonly string[] =>
  Object.entries(members).flatMap(([name, meaning]) =>
    typeof meaning === 'string' ? [name] : [name, ...namesOf(meaning)],
  );

/** Builds the reader of one dialect: its tables are made once, not per request. Media is weighed as it stands there. */
export function createPeek(dialect: PeekDialect, weigh: Weigh = stringBytes): (bytes: Uint8Array) => PeekedBody {
  const reader: DialectReader = {
    dialect,
    blocks: blockTable(dialect),
    known: knownNames([...new Set(namesOf(dialect.members))]),
    weigh,
  };
  return (bytes) => scanning(bytes, () => peek(bytes, reader));
}

function peek(bytes: Uint8Array, reader: DialectReader): PeekedBody {
  const draft = startDraft();
  const bodyAt = skipSpace(bytes, 0);
  if (bodyAt === bytes.length) throw new JsonFault(0, 'the body is empty');
  const end = skipSpace(bytes, readMembers(draft, bytes, bodyAt, reader.dialect.members, reader));
  if (end < bytes.length) throw new JsonFault(end, 'something follows the object');
  const { fields, model, stream, maxOutput, choices, hasTools, searches, mayHaveImages, thinking } = draft;
  const { usesState, inThread, inBackground, declinesStore, messageCount, base64Bytes, mediaCount } = draft;
  return {
    fields,
    model,
    maxOutput,
    outputUnwanted: maxOutput === 0 || draft.prewarms,
    stream,
    choices,
    hasTools,
    searches,
    mayHaveImages,
    thinking,
    usesState,
    inThread,
    inBackground,
    declinesStore,
    messageCount,
    includeUsage: includeUsage(draft, bytes, bodyAt, reader.dialect),
    input: { textBytes: bytes.length - base64Bytes, base64Bytes, mediaCount },
  };
}

/** No client has a tenth as many. */
const FIELDS_MAX = 100;

const camelCase = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function readMembers(
  draft: Draft,
  bytes: Uint8Array,
  from: number,
  members: PeekMembers,
  reader: DialectReader,
): number {
  const seen: string[] = [];
  const isBody = members === reader.dialect.members;
  return scanObject(bytes, from, reader.known, (key, keyAt, at) => {
    if (isBody && draft.fields.length < FIELDS_MAX) draft.fields.push(key);
    const meaning = Object.hasOwn(members, key) ? members[key] : undefined;
    if (meaning === undefined) return walkValue(bytes, at);
    // The vendor might read the first of two and we the last: what we admit must be what it serves.
    const name = key.includes('_') ? camelCase(key) : key;
    if (seen.includes(name)) throw new JsonFault(keyAt, `"${key}" appears twice`);
    seen.push(name);
    const end = readMember(draft, bytes, key, meaning, at, reader);
    if (key === reader.dialect.askForUsage?.container) draft.usageContainer = { at, end };
    return end;
  });
}

function readMember(
  draft: Draft,
  bytes: Uint8Array,
  key: string,
  meaning: PeekMembers[string],
  at: number,
  reader: DialectReader,
): number {
  if (isNull(bytes, at)) {
    const end = walkValue(bytes, at);
    if (meaning === 'usage-wanted') draft.usageWanted = { asked: false, at, end };
    return end;
  }
  if (meaning === 'conversation') return readMessages(draft, bytes, at, reader);
  if (typeof meaning === 'string') return FACT_READERS[meaning](draft, bytes, key, at);
  return bytes[at] === BRACE_OPEN ? readMembers(draft, bytes, at, meaning, reader) : walkValue(bytes, at);
}

function readMessages(draft: Draft, bytes: Uint8Array, at: number, reader: DialectReader): number {
  const facts = readConversation(bytes, at, reader);
  draft.messageCount += facts.messageCount;
  draft.base64Bytes += facts.base64Bytes;
  draft.mediaCount += facts.mediaCount;
  draft.mayHaveImages ||= facts.hasImages;
  draft.hasTools ||= facts.hasTools;
  draft.usesState ||= facts.usesState;
  offerSearches(draft, { bounded: 0, usesMax: 0, unbounded: facts.searches });
  return facts.end;
}
