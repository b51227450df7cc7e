import { LIMITS } from '@bytespike/kernel';

/** What begins a value or stands between two, also where it is escaped (`\u005b`). */
const MARKS = [',', '[', '{', '\\u00'];

/**
 * Whether JSON holds more values than fit into memory, however few bytes each takes. Those within strings are values too: the
 * arguments of a call are JSON in a string and are parsed as well. No context window holds a text with as many.
 */
export function hasTooManyValues(text: string): boolean {
  // Every value takes a character, so that nearly all bodies are not looked at.
  if (text.length <= LIMITS.jsonValuesMax) return false;
  let left = LIMITS.jsonValuesMax;
  for (const mark of MARKS)
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
      left -= 1;
      if (left < 0) return true;
    }
  return false;
}
