import { asciiText, BACKSLASH, QUOTE, stringEnd } from '../json-scan.js';

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
  const end = stringEnd(bytes, from);
  let sum = end - from;
  for (let at = from; at < end; at += 1) {
    if (bytes[at] !== BACKSLASH) continue;
    // Nobody has checked that four digits follow.
    const isLong = bytes[at + 1] === LETTER_U && at + LONG <= end;
    sum -= isLong ? LONG - utf8Length(asciiText(bytes, at + SHORT, at + LONG)) : 1;
    at += (isLong ? LONG : SHORT) - 1;
  }
  return sum;
}

const TWO_BYTES = 0x80;
const THREE_BYTES = 0x800;
const SURROGATES = 0xd8_00;
const SURROGATES_END = 0xe0_00;

/** Of one code unit; two of them that are a pair take four bytes. */
function utf8Length(hex: string): number {
  const unit = Number.parseInt(hex, 16);
  if (unit < TWO_BYTES) return 1;
  if (unit < THREE_BYTES || (unit >= SURROGATES && unit < SURROGATES_END)) return 2;
  return 3;
}
