import { GatewayError, LIMITS, parseJson, type JsonValue } from '@bytespike/kernel';

import { BACKSLASH, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, COMMA, QUOTE } from '../json-scan.js';

/** A client's body as JSON, no deeper than what can be read without exhausting the stack, and of no more than fits into memory. */
export function readBody(body: string): JsonValue {
  assertBounded(body);
  return parseJson(body);
}

/**
 * Counts brackets and commas; whether they stand where they may is for the parser to say. Those within strings are values too:
 * the arguments of a call are JSON in a string and are parsed as well. No context window holds a text with as many.
 */
function assertBounded(body: string): void {
  let depth = 0;
  let values = 0;
  let isText = false;
  for (let at = 0; at < body.length; at += 1) {
    const unit = body.charCodeAt(at);
    if (unit === QUOTE) isText = !isText;
    else if (unit === BACKSLASH) at += 1;
    else if (unit === COMMA) values += 1;
    else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) {
      values += 1;
      if (!isText) depth += 1;
      if (depth > LIMITS.jsonDepthMax)
        throw new GatewayError('invalid-request', `The body is nested deeper than ${LIMITS.jsonDepthMax} levels.`);
    } else if (!isText && (unit === BRACE_CLOSE || unit === BRACKET_CLOSE)) depth -= 1;
  }
  if (values > LIMITS.jsonValuesMax)
    throw new GatewayError('invalid-request', `The body holds more than ${LIMITS.jsonValuesMax} values.`);
}
