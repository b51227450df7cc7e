import { GatewayError, LIMITS, parseJson, type JsonValue } from '@bytespike/kernel';

import { closingQuote } from '../closing-quote.js';
import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, COMMA, QUOTE } from '../json-scan.js';

/** A client's body as JSON, no deeper than what can be read without exhausting the stack, and of no more than fits into memory. */
export function readBody(body: string): JsonValue {
  assertBounded(body);
  return parseJson(body);
}

/** Counts brackets and commas outside strings; whether they stand where they may is for the parser to say. */
function assertBounded(body: string): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < body.length; at += 1) {
    const unit = body.charCodeAt(at);
    if (unit === QUOTE) at = closingQuote(body, at + 1);
    else if (unit === BRACE_OPEN || unit === BRACKET_OPEN) {
      depth += 1;
      values += 1;
      if (depth > LIMITS.jsonDepthMax)
        throw new GatewayError('invalid-request', `The body is nested deeper than ${LIMITS.jsonDepthMax} levels.`);
    } else if (unit === BRACE_CLOSE || unit === BRACKET_CLOSE) depth -= 1;
    else if (unit === COMMA) values += 1;
  }
  if (values > LIMITS.jsonValuesMax)
    throw new GatewayError('invalid-request', `The body holds more than ${LIMITS.jsonValuesMax} values.`);
}
