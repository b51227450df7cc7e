import { BACKSLASH, QUOTE, stringEnd } from '../json-scan.js';

const LETTER_U = 0x75;
/** `\n`, and `\u00e9`. */
const SHORT = 2;
const LONG = 6;

/**
 * How many bytes the string at `valueAt` takes in UTF-8, however its vendor escapes it: many write nothing but ASCII, which
 * makes six bytes of a letter of two. 0 when the value is not a string. Throws `JsonFault` when it is not closed. Escapes are
 * searched for within the string alone: a record of a million strings is not walked a million times.
 */
export function textBytes(bytes: Uint8Array, valueAt: number): number {
  if (bytes[valueAt] !== QUOTE) return 0;
  const from = valueAt + 1;
  return textBytesWithin(bytes, from, stringEnd(bytes, from));
}

/** The same of a string whose characters stand in `[from, end)`. */
export function textBytesWithin(bytes: Uint8Array, from: number, end: number): number {
  let sum = end - from;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== BACKSLASH) continue;
    // Nobody has checked that four digits follow.
    const isLong = bytes[at + 1] === LETTER_U && at + LONG <= end;
    sum -= isLong ? LONG - utf8Length(bytes, at + SHORT) : 1;
    at += (isLong ? LONG : SHORT) - 1;
  }
  return sum;
}

const ZERO = 0x30;
const EIGHT = 0x38;
const LETTER_D = 0x64;
const LOWER_CASE = 0x20;

/**
 * Of the code unit whose four digits begin at `at`; two of them that are a pair take four bytes. The first three digits tell, and
 * letters come behind all numbers: nothing is made of a letter that somebody escapes six million times.
 */
function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const isLow = (bytes[at + 1] ?? 0) < EIGHT;
  if (first === ZERO && bytes[at + 1] === ZERO) return (bytes[at + 2] ?? 0) < EIGHT ? 1 : 2;
  if (first === ZERO) return isLow ? 2 : 3;
  const isSurrogate = (first | LOWER_CASE) === LETTER_D && !isLow;
  return isSurrogate ? 2 : 3;
}
