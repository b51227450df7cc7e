/**
 * A vendor's words as a database keeps them: without NUL, and without half a character, of which cutting a long sentence
 * leaves one. A render whose end could not be written for a word in it would never end.
 */
export const keptWords = (said: string): string => said.replaceAll('\0', '').replace(/\p{Cs}/gu, '\u{FFFD}');
