import { tryParseJson } from '@bytespike/kernel';

import {
  BACKSLASH,
  BRACE_CLOSE,
  BRACE_OPEN,
  COLON,
  COMMA,
  JsonFault,
  QUOTE,
  skipSpace,
  stringEnd,
  wordIn,
  wordTable,
  type WordTable,
} from '../json-scan.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Member names are short and plain; building them by hand beats a decoder by far. */
const PLAIN_BYTES_MAX = 40;

function plainText(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from > PLAIN_BYTES_MAX) return undefined;
  let text = '';
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BACKSLASH || byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Decodes the JSON string that opens at `quote` and closes at `end`, escapes and all. */
export function decodeString(bytes: Uint8Array, quote: number, end: number): string {
  const plain = plainText(bytes, quote + 1, end);
  if (plain !== undefined) return plain;
  const value = tryParseJson(decodeUtf8(bytes, quote, end + 1));
  if (typeof value !== 'string') throw new JsonFault(quote, 'a string is not valid JSON');
  return value;
}

function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  try {
    return decoder.decode(bytes.subarray(from, to));
  } catch (cause) {
    throw new JsonFault(from, cause instanceof Error ? 'a string is not valid UTF-8' : 'a string cannot be read');
  }
}

/** Names that are recognised in the bytes: only those of other members are spelled out, a string each. */
export interface KnownNames {
  readonly names: readonly string[];
  readonly table: WordTable;
}

export const knownNames = (names: readonly string[]): KnownNames => ({ names, table: wordTable(names) });

function nameAt(bytes: Uint8Array, quote: number, end: number, { names, table }: KnownNames): string {
  const word = wordIn(table, bytes, quote + 1, end);
  return (word < 0 ? undefined : names[word]) ?? decodeString(bytes, quote, end);
}

/**
 * Reads the members of the object at `from` in order. `onMember` returns the index behind the value it was shown.
 * Returns the index behind the object. Unlike nested values, which are only skipped, its grammar is checked in full.
 */
export function scanObject(
  bytes: Uint8Array,
  from: number,
  known: KnownNames,
  onMember: (key: string, keyAt: number, valueAt: number) => number,
): number {
  if (bytes[from] !== BRACE_OPEN) throw new JsonFault(from, 'expected an object');
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === BRACE_CLOSE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) throw new JsonFault(at, 'expected a member name');
    const keyEnd = stringEnd(bytes, at + 1);
    const colon = skipSpace(bytes, keyEnd + 1);
    if (bytes[colon] !== COLON) throw new JsonFault(colon, "expected ':'");
    const valueEnd = onMember(nameAt(bytes, at, keyEnd, known), at, skipSpace(bytes, colon + 1));
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === BRACE_CLOSE) return at + 1;
    if (bytes[at] !== COMMA) throw new JsonFault(at, "expected ',' or '}'");
    at = skipSpace(bytes, at + 1);
  }
}
