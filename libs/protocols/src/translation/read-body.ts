import { GatewayError, LIMITS, parseJson, type JsonValue } from '@bytespike/kernel';

/** A client's body as JSON, no deeper than what can be read without exhausting the stack. */
export function readBody(body: string): JsonValue {
  assertDepth(body);
  return parseJson(body);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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

/** The engine finds quotes faster than a loop does, and most of a body is strings. */
function closingQuote(body: string, from: number): number {
  let at = body.indexOf('"', from);
  while (at >= 0) {
    let before = at - 1;
    while (body.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
    at = body.indexOf('"', at + 1);
  }
  return body.length;
}
