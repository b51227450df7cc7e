import { LIMITS } from '@bytespike/kernel';

import { closingQuote } from './closing-quote.js';
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, QUOTE } from './json-scan.js';

/**
 * Whether JSON is nested deeper than can be read, or written again, without exhausting the stack. Counts brackets outside
 * strings; whether they match is for the parser to say.
 */
export function isTooDeep(text: string): boolean {
  // What is opened is closed, or the parser refuses it.
  if (text.length <= 2 * LIMITS.jsonDepthMax) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = closingQuote(text, at + 1);
    else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) {
      depth += 1;
      if (depth > LIMITS.jsonDepthMax) return true;
    } else if (unit === BRACE_CLOSE || unit === BRACKET_CLOSE) depth -= 1;
  }
  return false;
}
