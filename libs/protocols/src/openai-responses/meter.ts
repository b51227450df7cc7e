import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import type { VendorFailure } from '../errors/wire-errors.js';
import { JsonFault, wordTable } from '../json-scan.js';
import { lookUp } from '../look-up.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { meterBody } from '../meter/body-json.js';
import { inclusiveUsage } from '../meter/openai-family.js';
import { count, type ReportedUsage } from '../meter/reported-usage.js';
import { textBytes } from '../meter/text-bytes.js';
import { unitsOfBytes, unitsSaid } from '../meter/token-count.js';
import { NOTHING_WANTED, recordJson, walkRecord } from '../meter/walk-record.js';
import type { MeterReading, RecordSign, StreamMeter, WireMeter } from '../meter/wire-meter.js';
import { sseEventWord } from '../sse.js';
import { RESPONSES_CODES } from './errors.js';

/** What becomes of an event; one that is not listed says something. */
const EVENTS = {
  'response.created': 'preamble',
  'response.queued': 'preamble',
  'response.in_progress': 'preamble',
  'response.output_item.added': 'preamble',
  'response.content_part.added': 'preamble',
  'response.reasoning_summary_part.added': 'preamble',
  keepalive: 'preamble',
  'response.completed': 'end',
  'response.incomplete': 'end',
  'response.failed': 'failure',
  error: 'failure',
} as const;
const EVENT_NAMES = Object.keys(EVENTS);
const EVENT_MEANINGS = Object.values(EVENTS);
const EVENT_TABLE = wordTable(EVENT_NAMES);

/** Items the caller has to run before the conversation goes on. */
const CLIENT_CALLS: ReadonlySet<JsonValue | undefined> = new Set([
  'function_call',
  'custom_tool_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'computer_call',
]);

const INCOMPLETE = {
  max_output_tokens: 'length',
  max_messages: 'pause',
  content_filter: 'refusal',
  steered: 'pause',
} as const satisfies Record<string, Finish>;

const outputOf = (response: JsonObject): readonly JsonObject[] =>
  Array.isArray(response.output) ? (response.output as readonly JsonValue[]).filter(isJsonObject) : [];

/** There is no stop reason on this wire; it follows from the status and from what was put out (protocols 1.2). */
function finishOf(response: JsonObject): Finish {
  if (outputOf(response).some(({ type }) => CLIENT_CALLS.has(type))) return 'tool-calls';
  if (response.status === 'completed') return 'stop';
  const reason = isJsonObject(response.incomplete_details) ? response.incomplete_details.reason : undefined;
  return (typeof reason === 'string' ? lookUp(INCOMPLETE, reason) : undefined) ?? 'other';
}

function readUsage(response: JsonObject): ReportedUsage | { readonly quarantined: false } {
  const { usage, tool_usage: tools } = response;
  if (!isJsonObject(usage)) return { quarantined: false };
  const searches = isJsonObject(tools) && isJsonObject(tools.web_search) ? count(tools.web_search.num_requests) : 0;
  return inclusiveUsage({
    input: usage.input_tokens,
    cached: undefined,
    inputDetails: usage.input_tokens_details,
    output: usage.output_tokens,
    outputDetails: usage.output_tokens_details,
    total: usage.total_tokens,
    searches,
  });
}

const KEYS = wordTable(['delta', 'text', 'arguments']);
const DELTA = 0;

function createMeter(vendorCodes: CodeTable): StreamMeter {
  const failures = createFailureKeeper(RESPONSES_CODES, vendorCodes);
  let contentStarted = false;
  let contentBytes = 0;
  let doneBytes = 0;
  let response: JsonObject | undefined;
  const end = (record: Uint8Array): RecordSign => {
    const json = recordJson(record);
    if (json === undefined || !isJsonObject(json.response)) throw new JsonFault(0, 'the last event is not JSON');
    response = json.response;
    contentStarted ||= outputOf(response).length > 0;
    return 'content';
  };
  const said = (record: Uint8Array): RecordSign => {
    const walked = walkRecord(record, {
      keys: KEYS,
      member: (key, at, depth) => {
        if (key === DELTA && depth === 1) contentBytes += textBytes(record, at);
        // Some servers send only the `.done` that repeats everything.
        else if (depth === 1) doneBytes += textBytes(record, at);
      },
    });
    if (!walked) return 'preamble';
    contentStarted = true;
    return 'content';
  };
  const read = (record: Uint8Array): RecordSign => {
    const word = sseEventWord(record, EVENT_TABLE);
    const meaning = word === -2 ? meaningOf(record) : EVENT_MEANINGS[word];
    if (meaning === 'preamble') {
      walkRecord(record, NOTHING_WANTED);
      return 'preamble';
    }
    if (meaning === 'failure') return failures.told(record);
    return meaning === 'end' ? end(record) : said(record);
  };

  return {
    record: (record) => failures.guard(record, read),
    delivered: () => unitsOfBytes(contentBytes || doneBytes),
    reading: () => ({
      contentStarted,
      ended: response !== undefined,
      ...(response && { finish: finishOf(response) }),
      ...failures.reading(),
      ...(response ? readUsage(response) : { quarantined: false }),
      deliveredOutput: unitsOfBytes(contentBytes || doneBytes),
    }),
  };
}

/** A record without an `event:` line says the same in its data; one without either is a comment. */
function meaningOf(record: Uint8Array): (typeof EVENT_MEANINGS)[number] | undefined {
  const json = recordJson(record);
  if (json === undefined) return 'preamble';
  return typeof json.type === 'string'
    ? EVENT_MEANINGS[EVENT_NAMES.indexOf(json.type)]
    : 'error' in json
      ? 'failure'
      : undefined;
}

function readBody(body: JsonObject): MeterReading | undefined {
  // `input_tokens` answers with a number and nothing else.
  const counted = typeof body.input_tokens === 'number';
  if (!Array.isArray(body.output) && !counted) return undefined;
  if (body.status === 'failed') {
    const failure: VendorFailure = { kind: 'upstream-transient', message: 'the response failed' };
    return { contentStarted: false, ended: true, failure, quarantined: false, deliveredOutput: 0 };
  }
  const output = outputOf(body);
  return {
    contentStarted: counted || output.length > 0,
    ended: true,
    ...(!counted && { finish: finishOf(body) }),
    ...readUsage(body),
    deliveredOutput: unitsSaid(output),
  };
}

export const responsesMeter: WireMeter = {
  stream: createMeter,
  body: (bytes, vendorCodes) => meterBody(bytes, RESPONSES_CODES, vendorCodes, readBody),
};
