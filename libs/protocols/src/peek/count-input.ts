import { isSpace, QUOTE, stringEnd } from '../json-scan.js';
import { textBytes, textBytesWithin } from '../meter/text-bytes.js';
import type { PeekDialect } from './dialect.js';
import { createPeek } from './peek-body.js';
import type { InputFacts } from './peeked-body.js';

/**
 * What the peek says of the input, for what a body stands for and not for how its client writes it: without blanks between
 * its values, and with escapes as what they stand for. It takes a few times as long as the peek, since every byte of a text
 * is looked at, and is for a body that has been peeked at.
 */
export function createInputCount(dialect: PeekDialect): (bytes: Uint8Array) => InputFacts {
  const peek = createPeek(dialect, textBytes);
  return (bytes) => {
    const { base64Bytes, mediaCount } = peek(bytes).input;
    return { textBytes: writtenBytes(bytes) - base64Bytes, base64Bytes, mediaCount };
  };
}

function writtenBytes(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) {
      const end = stringEnd(bytes, at + 1);
      // With both of its quotes.
      sum += textBytesWithin(bytes, at + 1, end) + 2;
      at = end;
    } else if (!isSpace(bytes[at])) sum += 1;
  }
  return sum;
}
