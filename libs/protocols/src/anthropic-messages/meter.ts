import type { Finish } from '@bytespike/contracts';
import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { CodeTable } from '../errors/classify.js';
import { JsonFault, wordTable } from '../json-scan.js';
import { lookUp } from '../look-up.js';
import { createFailureKeeper } from '../meter/failure-keeper.js';
import { meterBody } from '../meter/body-json.js';
import { count, reportedUsage, type ReportedUsage } from '../meter/reported-usage.js';
import { textBytes } from '../meter/text-bytes.js';
import { unitsOfBytes, unitsSaid } from '../meter/token-count.js';
import { NOTHING_WANTED, recordJson, walkRecord, wordAt } from '../meter/walk-record.js';
import type { MeterReading, RecordSign, StreamMeter, WireMeter } from '../meter/wire-meter.js';
import { sseEventWord } from '../sse.js';
import { ANTHROPIC_CODES } from './errors.js';

const FINISHES = {
  end_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  compaction: 'pause',
  refusal: 'refusal',
} as const satisfies Record<string, Finish>;

const finishOf = (reason: JsonValue | undefined): Finish | undefined =>
  typeof reason === 'string' ? (lookUp(FINISHES, reason) ?? 'other') : undefined;

/** Cached input stands beside `input_tokens`; thinking is inside `output_tokens` (protocols 2.10). */
function readUsage(wire: JsonObject): ReportedUsage {
  const writes = isJsonObject(wire.cache_creation) ? wire.cache_creation : {};
  const hour = count(writes.ephemeral_1h_input_tokens);
  const thinking = isJsonObject(wire.output_tokens_details) ? count(wire.output_tokens_details.thinking_tokens) : 0;
  const searches = isJsonObject(wire.server_tool_use) ? count(wire.server_tool_use.web_search_requests) : 0;
  const written = count(wire.cache_creation_input_tokens ?? count(writes.ephemeral_5m_input_tokens) + hour);
  return reportedUsage(
    {
      input: count(wire.input_tokens),
      cacheRead: count(wire.cache_read_input_tokens),
      cacheWrite5m: written - hour,
      cacheWrite1h: hour,
      output: count(wire.output_tokens) - thinking,
      reasoning: thinking,
      searchCalls: searches,
    },
    count(writes.ephemeral_5m_input_tokens) + hour <= written ? 'yes' : 'no',
  );
}

/** Events that say something; pings, block ends and what is yet to be invented do not. */
const EVENTS = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'message_delta',
  'message_stop',
  'error',
] as const;
const EVENT_TABLE = wordTable(EVENTS);

const KEYS = ['text', 'thinking', 'partial_json', 'signature', 'citation', 'type'] as const;
const TABLE = wordTable(KEYS);
/** Blocks that open empty and are filled by deltas. All others say something by being there. */
const OPENING_EMPTY: ReadonlySet<string | undefined> = new Set(['text', 'thinking']);

/** Where a block, or a delta, holds its members: within the event. */
const INNER_DEPTH = 2;

function blockType(record: Uint8Array): string | undefined {
  let type: string | undefined;
  walkRecord(record, {
    keys: TABLE,
    member: (key, at, depth) => {
      if (KEYS[key] === 'type' && depth === INNER_DEPTH) type ??= wordAt(record, at);
    },
  });
  return type;
}

/** How much a delta says, and whether it signs or cites what was said. */
function readDelta(record: Uint8Array): { readonly bytes: number; readonly marks: number } {
  let bytes = 0;
  let marks = 0;
  walkRecord(record, {
    keys: TABLE,
    member: (key, at, depth) => {
      if (depth !== INNER_DEPTH) return;
      const name = KEYS[key];
      if (name === 'signature' || name === 'citation') marks += 1;
      else if (name !== 'type') bytes += textBytes(record, at);
    },
  });
  return { bytes, marks };
}

function createMeter(vendorCodes: CodeTable): StreamMeter {
  const failures = createFailureKeeper(ANTHROPIC_CODES, vendorCodes);
  let contentStarted = false;
  let ended = false;
  let contentBytes = 0;
  let finish: Finish | undefined;
  // Counters are cumulative: what a later record repeats replaces what an earlier one said (T60, T61).
  let usage: JsonObject | undefined;

  const content = (): RecordSign => {
    contentStarted = true;
    return 'content';
  };
  const merge = (more: JsonValue | undefined): void => {
    if (isJsonObject(more))
      usage = { ...usage, ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== null)) };
  };
  const readers: Record<(typeof EVENTS)[number], (record: Uint8Array) => RecordSign> = {
    message_start: (record) => {
      const start = recordJson(record);
      if (start === undefined) throw new JsonFault(0, 'message_start is not JSON');
      merge(isJsonObject(start.message) ? start.message.usage : undefined);
      return 'preamble';
    },
    content_block_start: (record) => (OPENING_EMPTY.has(blockType(record)) ? 'preamble' : content()),
    content_block_delta: (record) => {
      const { bytes, marks } = readDelta(record);
      contentBytes += bytes;
      return bytes > 0 || marks > 0 ? content() : 'preamble';
    },
    message_delta: (record) => {
      const delta = recordJson(record);
      if (delta === undefined) throw new JsonFault(0, 'message_delta is not JSON');
      merge(delta.usage);
      finish = (isJsonObject(delta.delta) ? finishOf(delta.delta.stop_reason) : undefined) ?? finish;
      return 'content';
    },
    message_stop: (record) => {
      // A record cut inside its data must not pass for the end, so the data has to be there.
      ended = walkRecord(record, NOTHING_WANTED);
      return 'content';
    },
    error: failures.told,
  };
  const read = (record: Uint8Array): RecordSign => {
    const word = sseEventWord(record, EVENT_TABLE);
    const name = word === -2 ? typeOf(record) : EVENTS[word];
    if (name !== undefined) return readers[name](record);
    walkRecord(record, NOTHING_WANTED);
    return 'preamble';
  };

  return {
    record: (record) => failures.guard(record, read),
    delivered: () => unitsOfBytes(contentBytes),
    reading: () => ({
      contentStarted,
      ended,
      ...(finish && { finish }),
      ...failures.reading(),
      ...(usage ? readUsage(usage) : { quarantined: false }),
      deliveredOutput: unitsOfBytes(contentBytes),
    }),
  };
}

/** Look-alikes may leave out the `event:` line; the data says the same. */
function typeOf(record: Uint8Array): (typeof EVENTS)[number] | undefined {
  const json = recordJson(record);
  if (json === undefined) return undefined;
  return typeof json.type === 'string'
    ? EVENTS.find((name) => name === json.type)
    : 'error' in json
      ? 'error'
      : undefined;
}

function readBody(body: JsonObject): MeterReading | undefined {
  const { content, usage } = body;
  // `count_tokens` answers with a number and nothing else.
  const counted = typeof body.input_tokens === 'number';
  if (!Array.isArray(content) && !counted) return undefined;
  const finish = finishOf(body.stop_reason);
  return {
    contentStarted: counted || (Array.isArray(content) && content.length > 0),
    ended: true,
    ...(finish && { finish }),
    ...(isJsonObject(usage) ? readUsage(usage) : { quarantined: false }),
    deliveredOutput: unitsSaid(content),
  };
}

export const anthropicMeter: WireMeter = {
  stream: createMeter,
  body: (bytes, vendorCodes) => meterBody(bytes, ANTHROPIC_CODES, vendorCodes, readBody),
};
