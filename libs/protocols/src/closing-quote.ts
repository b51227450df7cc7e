import { BACKSLASH } from './json-scan.js';

/** Where the string that began before `from` ends. The engine finds quotes faster than a loop, and most text is strings. */
export function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}
