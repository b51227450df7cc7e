import { GatewayError, LIMITS, parseJson, type JsonValue } from '@bytespike/kernel';

import { closingQuote } from '../closing-quote.js';
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, QUOTE } from '../json-scan.js';

/** A client's body as JSON, no deeper than what can be read without exhausting the stack. */
export function readBody(body: string): JsonValue {
  assertDepth(body);
  return parseJson(body);
}

/** Counts brackets outside strings; whether they match is for the parser to say. */
function assertDepth(body: string): void {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const unit = body.charCodeAt(at);
    if (unit === QUOTE) at = closingQuote(body, at + 1);
    else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) {
      depth += 1;
      if (depth > LIMITS.jsonDepthMax)
        throw new GatewayError('invalid-request', `The body is nested deeper than ${LIMITS.jsonDepthMax} levels.`);
    } else if (unit === BRACE_CLOSE || unit === BRACKET_CLOSE) depth -= 1;
  }
}
