import { isJsonObject } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { bytesSaid, unitsOfBytes } from '../meter/token-count.js';
import { recordJson, walkRecord } from '../meter/walk-record.js';
import type { RecordSign, StreamMeter } from '../meter/wire-meter.js';
import { finishOf, partsIn, searchesIn } from './answer-members.js';
import { ChunkReader } from './chunk-reader.js';
import { GEMINI_CODES } from './errors.js';
import { readUsage } from './usage.js';

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
    contentBytes += chunk.hasArguments ? bytesSaid(partsIn(recordJson(record))) : chunk.contentBytes;
    contentStarted ||= chunk.hasContent;
    called ||= chunk.hasCall;
    blocked ||= chunk.isBlocked;
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
