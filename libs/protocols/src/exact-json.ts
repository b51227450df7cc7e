import { tryParseJson, type JsonValue } from '@bytespike/kernel';

import { closingQuote } from './closing-quote.js';
import { isTooDeep } from './json-depth.js';
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, QUOTE } from './json-scan.js';

/**
 * The arguments of a call are text on two wires and an object on the two others, and a number of JSON may hold more than
 * the engine's does: the ids of databases and chats have 64 bits. Such integers pass through objects as marked strings.
 */
const MARK = '\uFDD0';
const MARKED = /"\uFDD0(-?\d+)"/g;

/** Members whose objects are a model's or a tool's words, of which nothing may change. */
const WORDS: ReadonlySet<string> = new Set(['input', 'args', 'response']);
const LONG = /\d{16}/;
const INTEGER = /-?\d+(?![\d.eE])/y;

/** The text of a body, ready to be parsed: integers within calls and results that would change are marked. */
export const markedBody = (text: string): string => (LONG.test(text) ? marked(text, 'words') : text);

/** As `tryParseJson`, for the text of arguments that become an object of a body; none where they could not be written. */
export const readArguments = (text: string): JsonValue | undefined =>
  isTooDeep(text) ? undefined : tryParseJson(LONG.test(text) ? marked(text, 'all') : text);

/** The text of a value, with the integers that were marked in it as they were written. */
export function writeExact(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text;
}

function marked(text: string, where: 'words' | 'all'): string {
  let out = '';
  let kept = 0;
  let depth = 0;
  // How deep the object lies whose words these are; integers outside of one stay numbers.
  let within = where === 'all' ? 0 : Infinity;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (within === Infinity && WORDS.has(text.slice(at + 1, end)) && opensObject(text, end + 1)) within = depth + 1;
      at = end;
    } else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) depth += 1;
    else if (unit === BRACE_CLOSE || unit === BRACKET_CLOSE) {
      if (depth === within && where === 'words') within = Infinity;
      depth -= 1;
    } else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const end = endOfNumber(text, at);
      if (depth >= within && isUnsafe(text, at)) {
        out += `${text.slice(kept, at)}"${MARK}${text.slice(at, end)}"`;
        kept = end;
      }
      at = end - 1;
    }
  }
  return out + text.slice(kept);
}

const OPENS_OBJECT = /\s*:\s*\{/y;

function opensObject(text: string, at: number): boolean {
  OPENS_OBJECT.lastIndex = at;
  return OPENS_OBJECT.test(text);
}

const NUMBER = /-?[\d.eE+-]*/y;

function endOfNumber(text: string, at: number): number {
  NUMBER.lastIndex = at;
  NUMBER.test(text);
  return Math.max(NUMBER.lastIndex, at + 1);
}

function isUnsafe(text: string, at: number): boolean {
  INTEGER.lastIndex = at;
  const digits = INTEGER.exec(text)?.[0];
  return digits !== undefined && !Number.isSafeInteger(Number(digits));
}
