import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { meterBody } from '../meter/body-json.js';
import { unitsSaid } from '../meter/token-count.js';
import type { MeterReading, WireMeter } from '../meter/wire-meter.js';
import { finishOf, objectsIn, partsIn, searchesIn } from './answer-members.js';
import { GEMINI_CODES } from './errors.js';
import { createListMeter } from './list-meter.js';
import { createStreamMeter } from './stream-meter.js';
import { readUsage } from './usage.js';

function readBody(body: JsonObject): MeterReading | undefined {
  const { usageMetadata: usage, promptFeedback: feedback } = body;
  const blocked = isJsonObject(feedback) && typeof feedback.blockReason === 'string';
  const counted = typeof body.totalTokens === 'number';
  if (!Array.isArray(body.candidates) && !blocked && !counted) return undefined;
  const parts = partsIn(body);
  const reason = objectsIn(body.candidates)[0]?.finishReason;
  const called = parts.some(({ functionCall }) => functionCall !== undefined);
  return {
    contentStarted: counted || parts.length > 0,
    ended: true,
    ...(blocked && { finish: 'refusal' as const }),
    ...(typeof reason === 'string' && { finish: finishOf(reason, called ? 'called' : 'not-called') }),
    ...(isJsonObject(usage) ? readUsage(usage, searchesIn(body)) : { quarantined: false }),
    deliveredOutput: unitsSaid(parts),
  };
}

export const geminiMeter: WireMeter = {
  stream: createStreamMeter,
  list: createListMeter,
  body: (bytes, vendorCodes) => meterBody(bytes, GEMINI_CODES, vendorCodes, readBody),
};
