import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { lookUp } from '../look-up.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { bytesSaid, unitsOfBytes } from '../meter/token-count.js';
import { recordJson, walkRecord } from '../meter/walk-record.js';
import type { RecordSign, StreamMeter } from '../meter/wire-meter.js';
import { ChunkReader } from './chunk-reader.js';
import { GEMINI_CODES } from './errors.js';
import { PAUSED, REASONS } from './finish.js';
import { readUsage } from './usage.js';

/** A call ends with STOP like any other answer, so what was said decides. */
export function finishOf(word: string, calls: 'called' | 'not-called'): Finish {
  const reason = lookUp(REASONS, word) ?? 'other';
  if (reason === 'failed') return 'unusable';
  if (word === PAUSED) return 'pause';
  return reason === 'stop' && calls === 'called' ? 'tool-calls' : reason;
}

export const objectsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

export function searchesIn(body: JsonObject | undefined): number {
  const grounding = objectsIn(body?.candidates).map(({ groundingMetadata }) => groundingMetadata);
  return grounding
    .filter(isJsonObject)
    .reduce((sum, { webSearchQueries: queries }) => sum + (Array.isArray(queries) ? queries.length : 0), 0);
}

/** Everything the candidates said. */
export const partsIn = (body: JsonObject | undefined): readonly JsonObject[] =>
  objectsIn(body?.candidates).flatMap(({ content }) => objectsIn(isJsonObject(content) ? content.parts : undefined));

export function createStreamMeter(vendorCodes: CodeTable): StreamMeter {
  const failures = createFailureKeeper(GEMINI_CODES, vendorCodes);
  let contentBytes = 0;
  let contentStarted = false;
  let called = false;
  let blocked = false;
  let reason: string | undefined;
  // Reports are cumulative and may jump at the end: the last one wins, and only it is parsed (T64).
  let usageRecord: Uint8Array | undefined;
  let searchRecord: Uint8Array | undefined;
  const read = (record: Uint8Array): RecordSign => {
    const chunk = new ChunkReader(record);
    const walked = walkRecord(record, chunk);
    if (chunk.hasError) return failures.told(record);
    if (chunk.hasUsage) usageRecord = record;
    if (chunk.hasSearches) searchRecord = record;
    contentBytes += chunk.pieceBytes + (chunk.wrote ? bytesSaid(partsIn(recordJson(record))) : chunk.textBytes);
    contentStarted ||= chunk.hasContent;
    called ||= chunk.called;
    blocked ||= chunk.blocked;
    reason = chunk.reason ?? reason;
    return walked && (chunk.hasContent || chunk.isEnd) ? 'content' : 'preamble';
  };

  return {
    record: (record) => failures.guard(record, read),
    delivered: () => unitsOfBytes(contentBytes),
    reading() {
      const usage = recordJson(usageRecord)?.usageMetadata;
      return {
        contentStarted,
        ended: blocked || reason !== undefined,
        ...(blocked && { finish: 'refusal' as const }),
        ...(reason !== undefined && { finish: finishOf(reason, called ? 'called' : 'not-called') }),
        ...failures.reading(),
        ...(isJsonObject(usage) ? readUsage(usage, searchesIn(recordJson(searchRecord))) : { quarantined: false }),
        deliveredOutput: unitsOfBytes(contentBytes),
      };
    },
  };
}
