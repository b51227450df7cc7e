import { GatewayError, LIMITS, parseJson, type JsonValue } from '@bytespike/kernel';

import { closingQuote, markedBody } from '../exact-json.js';

/** A client's body as JSON, no deeper than what can be read without exhausting the stack. */
export function readBody(body: string): JsonValue {
  assertDepth(body);
  return parseJson(markedBody(body));
}

const QUOTE = 0x22;

/** Counts brackets outside strings; whether they match is for the parser to say. */
function assertDepth(body: string): void {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const unit = body.charCodeAt(at);
    if (unit === QUOTE) at = closingQuote(body, at + 1);
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > LIMITS.jsonDepthMax)
        throw new GatewayError('invalid-request', `The body is nested deeper than ${LIMITS.jsonDepthMax} levels.`);
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
}
