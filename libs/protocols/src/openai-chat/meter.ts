import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { OPENAI_CODES } from '../errors/openai-family.js';
import type { VendorFailure } from '../errors/wire-errors.js';
import { asciiText, BRACKET_OPEN } from '../json-scan.js';
import { lookUp } from '../look-up.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { meterBody } from '../meter/body-json.js';
import { inclusiveUsage } from '../meter/openai-family.js';
import { count, type ReportedUsage } from '../meter/reported-usage.js';
import { unitsOfBytes, unitsSaid } from '../meter/token-count.js';
import { dataAt, recordJson, walkRecord } from '../meter/walk-record.js';
import type { MeterReading, RecordSign, StreamMeter, WireMeter } from '../meter/wire-meter.js';
import { BROKEN_FINISHES } from './errors.js';
import { ChunkReader } from './chunk-reader.js';

const FINISHES = {
  stop: 'stop',
  length: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'refusal',
  sensitive: 'refusal',
} as const satisfies Record<string, Finish>;

const finishOf = (reason: string): Finish => lookUp(FINISHES, reason) ?? 'other';

function readUsage(wire: JsonObject): ReportedUsage {
  // DeepSeek splits the prompt itself; Kimi reports its cache hits at the top (protocols 4.1, 4.2).
  const cached = wire.prompt_cache_hit_tokens ?? wire.cached_tokens;
  const missed = wire.prompt_cache_miss_tokens;
  if (missed !== undefined && missed !== null && count(missed) + count(cached) !== count(wire.prompt_tokens))
    return { quarantined: true };
  return inclusiveUsage({
    input: wire.prompt_tokens,
    cached,
    inputDetails: wire.prompt_tokens_details,
    output: wire.completion_tokens,
    outputDetails: wire.completion_tokens_details,
    total: wire.total_tokens,
  });
}

/** Usage stands at the top, or within a choice (Kimi). */
function usageIn(body: JsonObject | undefined): JsonObject | undefined {
  if (isJsonObject(body?.usage)) return body.usage;
  const choices: readonly JsonValue[] = Array.isArray(body?.choices) ? body.choices : [];
  const inside = choices.map((choice) => (isJsonObject(choice) ? choice.usage : undefined)).find(isJsonObject);
  return inside;
}

function reportIn(record: Uint8Array | undefined): ReportedUsage | undefined {
  const usage = usageIn(recordJson(record));
  return usage && readUsage(usage);
}

function createMeter(vendorCodes: CodeTable): StreamMeter {
  const failures = createFailureKeeper(OPENAI_CODES, vendorCodes);
  let contentStarted = false;
  let contentBytes = 0;
  let finish: string | undefined;
  let done = false;
  // The last report wins: some vendors repeat a growing one, and it is parsed once, when somebody asks.
  let usageRecord: Uint8Array | undefined;
  let reported: ReportedUsage | undefined;
  const choices = new Set<number>();
  const finished = new Set<number>();
  const read = (record: Uint8Array): RecordSign => {
    if (isDone(record)) {
      done = true;
      return 'content';
    }
    const chunk = new ChunkReader(record);
    walkRecord(record, chunk);
    if (chunk.hasError) return failures.told(record);
    if (chunk.hasUsage) {
      usageRecord = record;
      reported = undefined;
    }
    contentBytes += chunk.contentBytes;
    contentStarted ||= chunk.hasContent;
    if (chunk.hasContent) choices.add(chunk.choice);
    if (chunk.finish !== undefined) {
      if (BROKEN_FINISHES.has(chunk.finish))
        return failures.tell({ kind: 'upstream-transient', message: chunk.finish });
      finish = chunk.finish;
      finished.add(chunk.choice);
      return 'content';
    }
    if (chunk.hasContent) return 'content';
    return chunk.hasUsage && chunk.noChoices ? 'report' : 'preamble';
  };

  return {
    record: (record) => failures.guard(record, read),
    delivered: () => unitsOfBytes(contentBytes),
    reading() {
      reported ??= reportIn(usageRecord);
      return {
        contentStarted,
        // An end after the finish reason of every choice is whole even without `[DONE]` (protocols 2.14).
        ended: done || (finished.size > 0 && [...choices].every((choice) => finished.has(choice))),
        ...(finish !== undefined && { finish: finishOf(finish) }),
        ...failures.reading(),
        ...(reported ?? { quarantined: false }),
        deliveredOutput: unitsOfBytes(contentBytes),
      };
    },
  };
}

const DONE = '[DONE]';

function isDone(record: Uint8Array): boolean {
  const at = dataAt(record);
  return at >= 0 && record[at] === BRACKET_OPEN && asciiText(record, at, at + DONE.length) === DONE;
}

function readBody(body: JsonObject): MeterReading | undefined {
  const { choices } = body;
  if (!Array.isArray(choices)) return undefined;
  const first = (choices as readonly JsonValue[]).find(isJsonObject);
  const reason = first?.finish_reason;
  if (typeof reason === 'string' && BROKEN_FINISHES.has(reason)) {
    const failure: VendorFailure = { kind: 'upstream-transient', message: reason };
    return { contentStarted: false, ended: false, failure, quarantined: false, deliveredOutput: 0 };
  }
  const usage = usageIn(body);
  const message = isJsonObject(first?.message) ? first.message : {};
  return {
    ...(usage ? readUsage(usage) : { quarantined: false }),
    contentStarted: Object.keys(message).some((name) => name !== 'role' && isSomething(message[name])),
    ended: true,
    finish: typeof reason === 'string' ? finishOf(reason) : undefined,
    deliveredOutput: unitsSaid(message),
  };
}

const isSomething = (value: JsonValue | undefined): boolean =>
  value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

export const chatMeter: WireMeter = {
  stream: createMeter,
  body: (bytes, vendorCodes) => meterBody(bytes, OPENAI_CODES, vendorCodes, readBody),
};
