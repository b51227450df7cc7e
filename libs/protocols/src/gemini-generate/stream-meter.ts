import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { BRACE_OPEN, isNull, stringBytes, wordTable } from '../json-scan.js';
import { lookUp } from '../look-up.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { unitsOfBytes } from '../meter/token-count.js';
import { recordJson, walkRecord, wordAt } from '../meter/walk-record.js';
import type { RecordSign, StreamMeter } from '../meter/wire-meter.js';
import { GEMINI_CODES } from './errors.js';
import { PAUSED, REASONS } from './finish.js';
import { readUsage } from './usage.js';

/** A call ends with STOP like any other answer, so what was said decides. */
function finishOf(word: string, calls: 'called' | 'not-called'): Finish {
  const reason = lookUp(REASONS, word) ?? 'other';
  if (reason === 'failed') return 'unusable';
  if (word === PAUSED) return 'pause';
  return reason === 'stop' && calls === 'called' ? 'tool-calls' : reason;
}

const KEYS = [
  'text',
  'functionCall',
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'finishReason',
  'blockReason',
  'usageMetadata',
  'webSearchQueries',
  'error',
] as const;
const TABLE = wordTable(KEYS);
const CHUNK_DEPTH = 1;

export const objectsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

export function searchesIn(body: JsonObject | undefined): number {
  const grounding = objectsIn(body?.candidates).map(({ groundingMetadata }) => groundingMetadata);
  return grounding
    .filter(isJsonObject)
    .reduce((sum, { webSearchQueries: queries }) => sum + (Array.isArray(queries) ? queries.length : 0), 0);
}

export function createStreamMeter(vendorCodes: CodeTable): StreamMeter {
  const failures = createFailureKeeper(GEMINI_CODES, vendorCodes);
  let contentBytes = 0;
  let parts = 0;
  let called = false;
  let reason: string | undefined;
  // Reports are cumulative and may jump at the end: the last one wins, and only it is parsed (T64).
  let usageRecord: Uint8Array | undefined;
  let searchRecord: Uint8Array | undefined;
  const read = (record: Uint8Array): RecordSign => {
    const before = contentBytes + parts;
    let ending = false;
    let hasError = false;
    const walked = walkRecord(record, {
      keys: TABLE,
      member: (key, at, depth) => {
        switch (KEYS[key]) {
          case 'text':
            contentBytes += stringBytes(record, at);
            break;
          case 'finishReason':
          case 'blockReason':
            reason = wordAt(record, at) ?? reason;
            ending = true;
            break;
          case 'usageMetadata':
            if (depth === CHUNK_DEPTH && record[at] === BRACE_OPEN) usageRecord = record;
            break;
          case 'webSearchQueries':
            searchRecord = record;
            break;
          case 'error':
            hasError ||= depth === CHUNK_DEPTH && !isNull(record, at);
            break;
          case 'functionCall':
            called = true;
            parts += 1;
            break;
          default:
            parts += 1;
        }
      },
    });
    if (hasError) return failures.told(record);
    return walked && (ending || contentBytes + parts > before) ? 'content' : 'preamble';
  };

  return {
    record: (record) => failures.guard(record, read),
    delivered: () => unitsOfBytes(contentBytes),
    reading() {
      const usage = recordJson(usageRecord)?.usageMetadata;
      return {
        contentStarted: contentBytes + parts > 0,
        ended: reason !== undefined,
        ...(reason !== undefined && { finish: finishIn(reason, called ? 'called' : 'not-called') }),
        ...failures.reading(),
        ...(isJsonObject(usage) ? readUsage(usage, searchesIn(recordJson(searchRecord))) : { quarantined: false }),
        deliveredOutput: unitsOfBytes(contentBytes),
      };
    },
  };
}

/** A reason to block is none to finish, but it ends the answer the same way. */
export const finishIn = (reason: string, calls: 'called' | 'not-called'): Finish =>
  reason === 'BLOCKED_REASON_UNSPECIFIED' || reason === 'MODEL_ARMOR' || reason === 'JAILBREAK'
    ? 'refusal'
    : finishOf(reason, calls);
