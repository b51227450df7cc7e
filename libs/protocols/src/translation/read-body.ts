import { GatewayError, LIMITS, parseJson, tryParseJson, type JsonValue } from '@bytespike/kernel';

import { markedBody } from '../exact-json.js';
import { isTooDeep } from '../json-depth.js';
import { hasTooManyValues } from '../json-values.js';

/** A client's body as JSON. Throws `invalid-request` for what is none, for what is too deep, and for more than fits into memory. */
export function readBody(body: string): JsonValue {
  if (isTooDeep(body))
    throw new GatewayError('invalid-request', `The body is nested deeper than ${LIMITS.jsonDepthMax} levels.`);
  if (hasTooManyValues(body))
    throw new GatewayError('invalid-request', `The body holds more than ${LIMITS.jsonValuesMax} values.`);
  return parseJson(body);
}

/** A vendor's body as JSON; undefined where it is none, too deep, or more than fits into memory. */
export const readAnswerBody = (body: string): JsonValue | undefined =>
  isTooDeep(body) || hasTooManyValues(body) ? undefined : tryParseJson(markedBody(body));
