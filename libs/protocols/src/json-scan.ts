/**
 * Reading JSON without building it. The raw lane must know a few facts of bodies and records it forwards
 * untouched; walking their bytes costs a fraction of `JSON.parse` and allocates nothing.
 */
import { LIMITS } from '@bytespike/kernel';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const BRACE_OPEN = 0x7b;
export const BRACE_CLOSE = 0x7d;
export const BRACKET_OPEN = 0x5b;
export const BRACKET_CLOSE = 0x5d;
export const BACKSLASH = 0x5c;

/** Below this distance a loop beats the call into the engine's own search. */
const NEAR_BYTES = 48;

/** Where and why bytes are not JSON; whoever scans turns it into a failure of the right side. */
export class JsonFault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.name = 'JsonFault';
    this.at = at;
  }
}

/** The index of the quote that closes the string whose first character is at `from`; throws `JsonFault`. */
export function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const near = Math.min(at + NEAR_BYTES, bytes.length);
    while (at < near) {
      const byte = bytes[at];
      if (byte === QUOTE) return at;
      at += byte === BACKSLASH ? 2 : 1;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) throw new JsonFault(from - 1, 'a string is not closed');
    let slash = quote;
    while (slash > at && bytes[slash - 1] === BACKSLASH) slash -= 1;
    if ((quote - slash) % 2 === 0) return quote;
    at = quote + 1;
  }
}

export const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const LETTER_N = 0x6e;

/** Whether the value at `at` is `null`. */
export const isNull = (bytes: Uint8Array, at: number): boolean => bytes[at] === LETTER_N;

/** The first index at or after `from` that holds no white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

/** Words to recognise in bytes, indexed by length, so that most strings cost one array read. */
export type WordTable = readonly (readonly { readonly bytes: Uint8Array; readonly word: number }[] | undefined)[];

/** Builds the table; a word is reported by its index in `words`. */
export function wordTable(words: readonly string[]): WordTable {
  const table: { bytes: Uint8Array; word: number }[][] = [];
  words.forEach((text, word) => {
    const bytes = new TextEncoder().encode(text);
    (table[bytes.length] ??= []).push({ bytes, word });
  });
  return table;
}

/** The index of the word that fills `[from, to)`, or -1. */
export function wordIn(table: WordTable, bytes: Uint8Array, from: number, to: number): number {
  const candidates = table[to - from];
  if (candidates === undefined) return -1;
  for (const candidate of candidates) {
    let offset = 0;
    while (offset < candidate.bytes.length && candidate.bytes[offset] === bytes[from + offset]) offset += 1;
    if (offset === candidate.bytes.length) return candidate.word;
  }
  return -1;
}

export interface MemberVisitor {
  /** Member names to report, at any depth. */
  readonly keys: WordTable;
  /** `valueAt` is the first byte of the value; `depth` 1 is the outermost object. */
  member(key: number, valueAt: number, depth: number): void;
  /** A comma was met at this depth. */
  comma?(depth: number): void;
}

/** The brackets that close what is open in the value being walked; a visitor walks no other meanwhile. */
const closers = new Uint8Array(LIMITS.jsonDepthMax);

/**
 * Walks the value at `from` and returns the index behind it. Strings and brackets are checked, and nothing
 * else: what is between them is for the reader who parses.
 */
export function walkValue(bytes: Uint8Array, from: number, visitor?: MemberVisitor): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) throw new JsonFault(at, 'the text ends inside a value');
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at + 1);
      if (visitor !== undefined) visitString(bytes, at + 1, end, depth, visitor);
      at = end + 1;
      if (depth === 0) return at;
    } else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      if (depth >= closers.length) throw new JsonFault(at, `nesting is deeper than ${LIMITS.jsonDepthMax}`);
      closers[depth] = byte === BRACE_OPEN ? BRACE_CLOSE : BRACKET_CLOSE;
      depth += 1;
      at += 1;
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth -= 1;
      if (closers[depth] !== byte) throw new JsonFault(at, 'a bracket closes what was not opened');
      at += 1;
      if (depth === 0) return at;
    } else if (depth === 0) {
      return scalarEnd(bytes, at);
    } else {
      if (byte === COMMA) visitor?.comma?.(depth);
      at += 1;
    }
  }
}

function visitString(bytes: Uint8Array, from: number, end: number, depth: number, visitor: MemberVisitor): void {
  const key = wordIn(visitor.keys, bytes, from, end);
  if (key < 0) return;
  const colon = skipSpace(bytes, end + 1);
  if (bytes[colon] === COLON) visitor.member(key, skipSpace(bytes, colon + 1), depth);
}

const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

function scalarEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !isSpace(bytes[at]) && bytes[at] !== COMMA && !isClosing(bytes[at])) at += 1;
  if (at - from > 400 || !SCALAR.test(asciiText(bytes, from, at))) throw new JsonFault(from, 'expected a value');
  return at;
}

const isClosing = (byte: number | undefined): boolean => byte === BRACE_CLOSE || byte === BRACKET_CLOSE;

/** Bytes of a short ASCII token as text. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** How many bytes the string at `valueAt` holds; 0 when the value is not a string. */
export const stringBytes = (bytes: Uint8Array, valueAt: number): number =>
  bytes[valueAt] === QUOTE ? stringEnd(bytes, valueAt + 1) - valueAt - 1 : 0;
