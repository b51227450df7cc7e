import { isJsonObject, tryParseJson, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { isTooDeep } from '../json-depth.js';
import { hasTooManyValues } from '../json-values.js';
import { failureIn, type CodeTable } from '../errors/classify.js';
import type { MeterReading } from './wire-meter.js';

const decoder = new TextDecoder('utf-8');

const garbled = (message: string): MeterReading => failed({ kind: 'upstream-garbled', message });

const failed = (failure: NonNullable<MeterReading['failure']>): MeterReading => ({
  contentStarted: false,
  ended: false,
  failure,
  quarantined: false,
  deliveredOutput: 0,
});

/** A whole body as JSON; undefined where it is none, too deep to be walked, or more than fits into memory. */
function bodyJson(bytes: Uint8Array): JsonValue | undefined {
  const text = decoder.decode(bytes);
  return isTooDeep(text) || hasTooManyValues(text) ? undefined : tryParseJson(text);
}

/** Reads a whole body: an error in it is a failure whatever its status says, and so is what is not an object. */
export function meterBody(
  bytes: Uint8Array,
  own: CodeTable,
  vendorCodes: CodeTable,
  read: (body: JsonObject) => MeterReading | undefined,
): MeterReading {
  const body = bodyJson(bytes);
  if (!isJsonObject(body)) return garbled('the vendor answered with something that is not a JSON object');
  const failure = failureIn(body, own, vendorCodes);
  if (failure !== undefined) return failed(failure);
  return read(body) ?? garbled('the vendor answered with an object that is not an answer');
}
