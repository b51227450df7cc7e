import type { ProtocolName } from '@bytespike/kernel';
import fc from 'fast-check';

import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';
import type { MeterReading, RecordSign } from './wire-meter.js';

const encode = (text: string) => new TextEncoder().encode(text);

function meter(protocol: ProtocolName, chunks: readonly Uint8Array[]): { signs: RecordSign[]; reading: MeterReading } {
  const reader = WIRES[protocol].meter.stream({});
  const splitter = createSseSplitter();
  const signs: RecordSign[] = [];
  for (const chunk of chunks) splitter.push(chunk, (record) => signs.push(reader.record(record)));
  return { signs, reading: reader.reading() };
}

const named = (...events: readonly object[]): string =>
  events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const bare = (...chunks: readonly (object | string)[]): string =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

const anthropic = named(
  {
    type: 'message_start',
    message: { id: 'msg_1', usage: { input_tokens: 43, cache_read_input_tokens: 7, output_tokens: 1 } },
  },
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße an "alle" 🙂' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
  { type: 'content_block_stop', index: 1 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use' },
    usage: {
      input_tokens: 61,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
      output_tokens: 25,
      output_tokens_details: { thinking_tokens: 5 },
      server_tool_use: { web_search_requests: 2 },
    },
  },
  { type: 'message_stop' },
);

const chat = bare(
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'hm "yes"' }),
  chunk({ content: 'Hello' }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"error":{"a":1},"usage":{}}' } }] }),
  chunk({}, 'tool_calls'),
  {
    choices: [],
    usage: {
      prompt_tokens: 4020,
      completion_tokens: 30,
      total_tokens: 4050,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 3000 },
      completion_tokens_details: { reasoning_tokens: 10 },
    },
  },
  '[DONE]',
);

const responses = named(
  { type: 'response.created', sequence_number: 0, response: { id: 'resp_1', status: 'in_progress', output: [] } },
  { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: { type: 'message' } },
  { type: 'response.output_text.delta', sequence_number: 2, delta: 'Hello' },
  { type: 'response.output_text.done', sequence_number: 3, text: 'Hello' },
  {
    type: 'response.completed',
    sequence_number: 4,
    response: {
      status: 'completed',
      output: [{ type: 'message' }],
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 40 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 109,
      },
      tool_usage: { web_search: { num_requests: 1 } },
    },
  },
);

const gemini = bare(
  { candidates: [], usageMetadata: { trafficType: 'ON_DEMAND' } },
  { candidates: [{ content: { parts: [{ text: 'Hel' }] } }], usageMetadata: { promptTokenCount: 55 } },
  {
    candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: {} } }] } }],
    usageMetadata: { promptTokenCount: 55 },
  },
  {
    candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }],
    usageMetadata: {
      promptTokenCount: 257,
      cachedContentTokenCount: 57,
      candidatesTokenCount: 12,
      thoughtsTokenCount: 30,
      toolUsePromptTokenCount: 3,
      totalTokenCount: 302,
    },
  },
);

const STREAMS = {
  'anthropic-messages': {
    text: anthropic,
    reading: {
      contentStarted: true,
      ended: true,
      finish: 'tool-calls',
      usage: {
        input: 61,
        cacheRead: 7,
        cacheWrite5m: 20,
        cacheWrite1h: 10,
        output: 20,
        reasoning: 5,
        searchCalls: 2,
      },
      quarantined: false,
      deliveredOutput: 7,
    },
    signs: 'p p p c p c c p c c',
  },
  'openai-chat': {
    text: chat,
    reading: {
      contentStarted: true,
      ended: true,
      finish: 'tool-calls',
      usage: { input: 20, cacheRead: 1000, cacheWrite30m: 3000, output: 20, reasoning: 10 },
      quarantined: false,
      deliveredOutput: 10,
    },
    signs: 'p c c c c r c',
  },
  'openai-responses': {
    text: responses,
    reading: {
      contentStarted: true,
      ended: true,
      finish: 'stop',
      usage: { input: 60, cacheRead: 40, output: 6, reasoning: 3, searchCalls: 1 },
      quarantined: false,
      deliveredOutput: 1,
    },
    signs: 'p p c c c',
  },
  'gemini-generate': {
    text: gemini,
    reading: {
      contentStarted: true,
      ended: true,
      finish: 'tool-calls',
      usage: { input: 200, cacheRead: 57, toolInput: 3, output: 12, reasoning: 30 },
      quarantined: false,
      deliveredOutput: 1,
    },
    signs: 'p c c c',
  },
} as const satisfies Record<ProtocolName, { text: string; reading: MeterReading; signs: string }>;

const cases = Object.entries(STREAMS) as [ProtocolName, (typeof STREAMS)[ProtocolName]][];

describe.each(cases)('metering a %s stream', (protocol, { text, reading, signs }) => {
  const bytes = encode(text);

  it('reads usage, finish and grammar', () => {
    const metered = meter(protocol, [bytes]);
    expect(metered.reading).toEqual(reading);
    expect(metered.signs.map((sign) => sign[0]).join(' ')).toBe(signs);
  });

  it('reads the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (at) => {
        const edges = [0, ...at.sort((one, other) => one - other), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(meter(protocol, chunks).reading).toEqual(reading);
      }),
      { numRuns: 50 },
    );
  });

  it('never takes a cut for an end', () => {
    const whole = endOfGrammar[protocol](text);
    for (let cut = 0; cut < whole; cut += 1) {
      const { reading: partial } = meter(protocol, [bytes.subarray(0, cut)]);
      if (partial.ended) throw new Error(`${protocol} cut at ${cut} of ${whole} reads as ended`);
    }
    expect(meter(protocol, [bytes.subarray(0, whole)]).reading.ended).toBe(true);
  });

  it('notices any record that is broken', () => {
    const records = text.split('\n\n').filter((record) => record !== '');
    for (const [index, record] of records.entries()) {
      if (record.endsWith('[DONE]')) continue;
      for (const broken of [record.slice(0, -1), record.replace(/data: .*/, 'data: nonsense')]) {
        const spoilt = [...records.slice(0, index), broken, ...records.slice(index + 1), ''].join('\n\n');
        const { failure } = meter(protocol, [encode(spoilt)]).reading;
        if (failure?.kind !== 'upstream-garbled') throw new Error(`${protocol}: ${broken} passed as ${failure?.kind}`);
      }
    }
  });
});

/** Where the item that ends each grammar is complete, in bytes. */
const endOfGrammar: Record<ProtocolName, (text: string) => number> = {
  'anthropic-messages': (text) => encode(text).length,
  'openai-responses': (text) => encode(text).length,
  'gemini-generate': (text) => encode(text).length,
  // Chat is whole after the finish reason; the report and `[DONE]` may be missing.
  'openai-chat': (text) => encode(text.slice(0, text.indexOf('data: {"choices":[],'))).length,
};
