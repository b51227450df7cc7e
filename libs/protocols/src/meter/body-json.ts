import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { boundedJson } from '../bounded-json.js';
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

/** Reads a whole body: an error in it is a failure whatever its status says, and so is what is not an object. */
export function meterBody(
  bytes: Uint8Array,
  own: CodeTable,
  vendorCodes: CodeTable,
  read: (body: JsonObject) => MeterReading | undefined,
): MeterReading {
  const body = boundedJson(decoder.decode(bytes));
  if (!isJsonObject(body)) return garbled('the vendor answered with something that is not a JSON object');
  const failure = failureIn(body, own, vendorCodes);
  if (failure !== undefined) return failed(failure);
  return read(body) ?? garbled('the vendor answered with an object that is not an answer');
}
