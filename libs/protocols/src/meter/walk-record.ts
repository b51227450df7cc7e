import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { boundedJson } from '../bounded-json.js';
import {
  asciiText,
  BRACE_OPEN,
  BRACKET_OPEN,
  JsonFault,
  QUOTE,
  skipSpace,
  stringEnd,
  walkValue,
  type MemberVisitor,
} from '../json-scan.js';
import { readSseRecord } from '../sse.js';

const LF = 0x0a;
const CR = 0x0d;
const DATA = [0x64, 0x61, 0x74, 0x61, 0x3a];

/** Where the first `data:` line of a record holds its value, or -1. */
export function dataAt(record: Uint8Array): number {
  let line = 0;
  while (line < record.length) {
    if (DATA.every((byte, offset) => record[line + offset] === byte)) return skipSpace(record, line + DATA.length);
    let end = line;
    while (end < record.length && record[end] !== LF && record[end] !== CR) end += 1;
    line = end + 1;
  }
  return -1;
}

/** Walks for the brackets alone. */
export const NOTHING_WANTED: MemberVisitor = { keys: [], member: () => undefined };

/**
 * Walks the JSON object a record carries, without decoding it. Returns false when it carries none (a comment, `[DONE]`).
 * Throws `JsonFault` when it carries something broken. A value over several data lines is walked as one.
 */
export function walkRecord(record: Uint8Array, visitor: MemberVisitor): boolean {
  const at = dataAt(record);
  if (at < 0 || at >= record.length || record[at] === BRACKET_OPEN) return false;
  if (record[at] !== BRACE_OPEN) throw new JsonFault(at, 'an event is not a JSON object');
  const end = skipSpace(record, walkValue(record, at, visitor));
  if (record[end] === BRACE_OPEN) throw new JsonFault(end, 'two values in one event');
  return true;
}

/** The object a record carries, parsed; for the few records whose numbers are needed. */
export function recordJson(record: Uint8Array | undefined): JsonObject | undefined {
  if (record === undefined) return undefined;
  const { data } = readSseRecord(record);
  // A parser takes a thousand times as long to refuse nothing, and a vendor may send nothing without end.
  if (data === undefined || data === '') return undefined;
  const value = boundedJson(data);
  return isJsonObject(value) ? value : undefined;
}

/** The string at `valueAt` as text, for words of the wire; undefined when the value is not a string. */
export const wordAt = (record: Uint8Array, valueAt: number): string | undefined =>
  record[valueAt] === QUOTE ? asciiText(record, valueAt + 1, stringEnd(record, valueAt + 1)) : undefined;
