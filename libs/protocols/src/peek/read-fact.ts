import { tryParseJson } from '@bytespike/kernel';

import { asciiText, JsonFault, QUOTE, stringEnd, walkValue } from '../json-scan.js';
import type { PeekFact } from './dialect.js';
import { offerSearches, type Draft } from './draft.js';
import { readTools } from './read-tools.js';
import { decodeString } from './scan-object.js';

/** Words under which a reasoning switch is off; anything else turns it on. */
const THINKING_OFF: readonly string[] = ['disabled', 'none', 'off'];
/** No number or literal that means something here is longer. */
const SCALAR_BYTES_MAX = 32;
const LETTER_F = 0x66;
const LETTER_T = 0x74;

const scalar = (bytes: Uint8Array, at: number, end: number): unknown =>
  end - at > SCALAR_BYTES_MAX ? undefined : tryParseJson(asciiText(bytes, at, end));

function readCount(bytes: Uint8Array, key: string, at: number, end: number): number {
  const value = scalar(bytes, at, end);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new JsonFault(at, `"${key}" must be a whole number, not negative`);
}

/** Reads the value at `at` into the draft and returns the index behind it. `null` never gets here. */
type FactReader = (draft: Draft, bytes: Uint8Array, key: string, at: number) => number;

export const FACT_READERS: Record<Exclude<PeekFact, 'conversation'>, FactReader> = {
  model: (draft, bytes, key, at) => {
    if (bytes[at] !== QUOTE) throw new JsonFault(at, `"${key}" must be a string`);
    const end = stringEnd(bytes, at + 1);
    draft.model = { value: decodeString(bytes, at, end), at, length: end + 1 - at };
    return end + 1;
  },
  stream: (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    const value = scalar(bytes, at, end);
    if (typeof value !== 'boolean') throw new JsonFault(at, `"${key}" must be true or false`);
    draft.stream = value;
    return end;
  },
  'max-output': (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    draft.maxOutput = Math.max(draft.maxOutput ?? 0, readCount(bytes, key, at, end));
    return end;
  },
  prewarm: (draft, bytes, _key, at) => {
    draft.prewarms = bytes[at] === LETTER_T;
    return walkValue(bytes, at);
  },
  choices: (draft, bytes, key, at) => {
    const end = walkValue(bytes, at);
    draft.choices = Math.max(1, readCount(bytes, key, at, end));
    return end;
  },
  tools: (draft, bytes, _key, at) => {
    const { end, hasTools, searches } = readTools(bytes, at);
    draft.hasTools ||= hasTools;
    offerSearches(draft, searches);
    return end;
  },
  search: (draft, bytes, _key, at) => {
    if (bytes[at] !== LETTER_F) offerSearches(draft, { bounded: 0, usesMax: 0, unbounded: 1 });
    return walkValue(bytes, at);
  },
  state: (draft, bytes, _key, at) => {
    draft.usesState = true;
    return walkValue(bytes, at);
  },
  thread: (draft, bytes, _key, at) => {
    draft.inThread = true;
    return walkValue(bytes, at);
  },
  store: (draft, bytes, _key, at) => {
    draft.declinesStore = bytes[at] === LETTER_F;
    return walkValue(bytes, at);
  },
  background: (draft, bytes, _key, at) => {
    draft.inBackground = bytes[at] === LETTER_T;
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
    draft.usageWanted = { asked: bytes[at] === LETTER_T, at, end };
    return end;
  },
};
