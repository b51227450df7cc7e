import type { Finish } from '@bytespike/contracts';
import { isJsonObject, tryParseJson, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { BRACE_OPEN, BRACKET_OPEN, isNull, skipSpace, stringBytes, wordTable } from '../json-scan.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { meterBody } from '../meter/body-json.js';
import { unitsOfBytes, unitsSaid } from '../meter/token-count.js';
import { recordJson, walkRecord, wordAt } from '../meter/walk-record.js';
import type { MeterReading, RecordSign, StreamMeter, WireMeter } from '../meter/wire-meter.js';
import { GEMINI_CODES } from './errors.js';
import { readUsage } from './usage.js';

/** Every reason but these is a refusal of one kind or another, or something that went wrong (protocols 1.4). */
const FINISHES: Readonly<Record<string, Finish>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'pause',
  OTHER: 'other',
  LANGUAGE: 'other',
  MALFORMED_FUNCTION_CALL: 'other',
  MALFORMED_RESPONSE: 'other',
  UNEXPECTED_TOOL_CALL: 'other',
  TOO_MANY_TOOL_CALLS: 'other',
  IMAGE_OTHER: 'other',
  NO_IMAGE: 'other',
  SAFETY: 'refusal',
  RECITATION: 'refusal',
  BLOCKLIST: 'refusal',
  PROHIBITED_CONTENT: 'refusal',
  SPII: 'refusal',
  IMAGE_SAFETY: 'refusal',
  IMAGE_PROHIBITED_CONTENT: 'refusal',
  IMAGE_RECITATION: 'refusal',
};

/** A call ends with STOP like any other answer, so what was said decides. */
function finishOf(reason: string, calls: 'called' | 'not-called'): Finish {
  const finish = Object.hasOwn(FINISHES, reason) ? (FINISHES[reason] ?? 'other') : 'other';
  return finish === 'stop' && calls === 'called' ? 'tool-calls' : finish;
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

const objectsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

function searchesIn(body: JsonObject | undefined): number {
  const grounding = objectsIn(body?.candidates).map(({ groundingMetadata }) => groundingMetadata);
  return grounding
    .filter(isJsonObject)
    .reduce((sum, { webSearchQueries: queries }) => sum + (Array.isArray(queries) ? queries.length : 0), 0);
}

function createMeter(vendorCodes: CodeTable): StreamMeter {
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
const finishIn = (reason: string, calls: 'called' | 'not-called'): Finish =>
  reason === 'BLOCKED_REASON_UNSPECIFIED' || reason === 'MODEL_ARMOR' || reason === 'JAILBREAK'
    ? 'refusal'
    : finishOf(reason, calls);

function readBody(body: JsonObject): MeterReading | undefined {
  const { usageMetadata: usage, promptFeedback: feedback } = body;
  const blocked = isJsonObject(feedback) && typeof feedback.blockReason === 'string';
  const counted = typeof body.totalTokens === 'number';
  if (!Array.isArray(body.candidates) && !blocked && !counted) return undefined;
  const candidates = objectsIn(body.candidates);
  const parts = candidates.flatMap(({ content }) => objectsIn(isJsonObject(content) ? content.parts : undefined));
  const reason = candidates[0]?.finishReason;
  const called = parts.some(({ functionCall }) => functionCall !== undefined);
  return {
    contentStarted: counted || parts.length > 0,
    ended: true,
    ...(blocked && { finish: 'refusal' as const }),
    ...(typeof reason === 'string' && { finish: finishIn(reason, called ? 'called' : 'not-called') }),
    ...(isJsonObject(usage) ? readUsage(usage, searchesIn(body)) : { quarantined: false }),
    deliveredOutput: unitsSaid(parts),
  };
}

/** A stream asked for without `alt=sse` comes as one JSON list of the same chunks (protocols 1.4). */
function readList(chunks: readonly JsonValue[], vendorCodes: CodeTable): MeterReading {
  const meter = createMeter(vendorCodes);
  for (const chunk of chunks) meter.record(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`));
  const reading = meter.reading();
  if (reading.ended || reading.failure) return reading;
  return { ...reading, failure: { kind: 'upstream-transient', message: 'the list ended before its end' } };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

function meterWhole(bytes: Uint8Array, vendorCodes: CodeTable): MeterReading {
  const list = bytes[skipSpace(bytes, 0)] === BRACKET_OPEN ? tryParseJson(decoder.decode(bytes)) : undefined;
  return Array.isArray(list) ? readList(list, vendorCodes) : meterBody(bytes, GEMINI_CODES, vendorCodes, readBody);
}

export const geminiMeter: WireMeter = { stream: createMeter, body: meterWhole };
