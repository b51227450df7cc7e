/** Bytes of UTF-8 that a code point takes. */
const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4);

/** The code point at which a byte offset of a text falls; one inside a character counts as its beginning. */
export function pointAtByte(text: string, byte: number): number {
  let bytes = 0;
  let points = 0;
  for (const character of text) {
    bytes += bytesOf(character.codePointAt(0) ?? 0);
    if (bytes > byte) return points;
    points += 1;
  }
  return points;
}

/** How many bytes of UTF-8 the first `points` code points of a text take; all of them where it is shorter. */
export function bytesUpTo(text: string, points: number): number {
  let bytes = 0;
  let seen = 0;
  for (const character of text) {
    if (seen >= points) return bytes;
    bytes += bytesOf(character.codePointAt(0) ?? 0);
    seen += 1;
  }
  return bytes;
}

/** The code points of a text from one to another. */
export const pointsBetween = (text: string, start: number, end: number): string => [...text].slice(start, end).join('');
