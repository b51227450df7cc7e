import type { ProtocolName } from '@bytespike/kernel';

import { createListSplitter } from '../json-list.js';
import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';

const encode = (text: string) => new TextEncoder().encode(text);
const bodyOf = (protocol: ProtocolName, body: unknown, codes = {}) =>
  WIRES[protocol].meter.body(encode(typeof body === 'string' ? body : JSON.stringify(body)), codes);
const streamOf = (protocol: ProtocolName, text: string) => {
  const meter = WIRES[protocol].meter.stream({});
  createSseSplitter().push(encode(text), (record) => meter.record(record));
  return meter.reading();
};
const chatBody = (usage: object, message: object = { role: 'assistant', content: 'Hello' }) => ({
  choices: [{ index: 0, finish_reason: 'stop', message }],
  usage,
});

describe('usage in the shapes of look-alike vendors', () => {
  it.each([
    [
      'DeepSeek hit and miss',
      {
        prompt_tokens: 10,
        prompt_cache_hit_tokens: 4,
        prompt_cache_miss_tokens: 6,
        completion_tokens: 2,
        total_tokens: 12,
      },
      { input: 6, cacheRead: 4, output: 2 },
    ],
    [
      'Kimi at the top',
      { prompt_tokens: 10, cached_tokens: 3, completion_tokens: 2 },
      { input: 7, cacheRead: 3, output: 2 },
    ],
    [
      'reasoning beside the output',
      { prompt_tokens: 10, completion_tokens: 2, total_tokens: 17, completion_tokens_details: { reasoning_tokens: 5 } },
      { input: 10, output: 2, reasoning: 5 },
    ],
    [
      'write lifetimes',
      {
        prompt_tokens: 10,
        completion_tokens: 1,
        prompt_tokens_details: { cache_write_tokens: 8, cache_write_tokens_details: { ttl_12h_tokens: 3 } },
      },
      { input: 2, cacheWrite30m: 5, cacheWrite12h: 3, output: 1 },
    ],
  ])('%s', (_name, usage, classes) => {
    expect(bodyOf('openai-chat', chatBody(usage))).toMatchObject({ usage: classes, quarantined: false, ended: true });
  });

  it.each([
    ['negative', { prompt_tokens: -1, completion_tokens: 2 }],
    ['fractional', { prompt_tokens: 1.5, completion_tokens: 2 }],
    ['more cached than sent', { prompt_tokens: 5, cached_tokens: 6, completion_tokens: 2 }],
    [
      'more reasoned than put out',
      { prompt_tokens: 5, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 3 } },
    ],
    ['a wrong total', { prompt_tokens: 5, completion_tokens: 2, total_tokens: 9 }],
    [
      'hits and misses that miss',
      { prompt_tokens: 5, prompt_cache_hit_tokens: 1, prompt_cache_miss_tokens: 1, completion_tokens: 2 },
    ],
  ])('quarantines %s', (_name, usage) => {
    const reading = bodyOf('openai-chat', chatBody(usage));
    expect(reading.quarantined).toBe(true);
    expect(reading.usage).toBeUndefined();
  });

  it('reads usage inside a choice of a stream', () => {
    const chunk = {
      choices: [
        { index: 0, delta: { content: 'x' }, finish_reason: 'stop', usage: { prompt_tokens: 3, completion_tokens: 1 } },
      ],
    };
    expect(streamOf('openai-chat', `data: ${JSON.stringify(chunk)}\n\n`).usage).toEqual({ input: 3, output: 1 });
  });
});

describe('answers that are none', () => {
  it.each([
    ['openai-chat', { error: { message: 'no', type: 'server_error' } }, 'upstream-transient'],
    ['openai-chat', { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'upstream-quota'],
    ['openai-chat', '<html>', 'upstream-garbled'],
    ['openai-chat', { hello: 1 }, 'upstream-garbled'],
    [
      'anthropic-messages',
      { type: 'error', error: { type: 'overloaded_error', message: 'busy' } },
      'upstream-transient',
    ],
    [
      'openai-responses',
      { output: [], status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow' } },
      'upstream-rate-limited',
    ],
    ['gemini-generate', { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x' } }, 'upstream-rate-limited'],
  ] as const)('%s %j is %s', (protocol, body, kind) => {
    expect(bodyOf(protocol, body).failure?.kind).toBe(kind);
  });

  it.each([
    [
      'anthropic-messages',
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
      'upstream-transient',
    ],
    ['openai-chat', 'data: {"error":{"message":"no","code":"insufficient_quota"}}\n\n', 'upstream-quota'],
    [
      'openai-chat',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}\n\n',
      'upstream-transient',
    ],
    ['openai-chat', 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}\n\n', 'upstream-transient'],
    ['openai-chat', 'data: {"base_resp":{"status_code":1039,"status_msg":"slow"}}\n\n', 'upstream-transient'],
    [
      'openai-responses',
      'event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"slow"}\n\n',
      'upstream-rate-limited',
    ],
    [
      'openai-responses',
      'event: response.failed\ndata: {"type":"response.failed","response":{"error":{"code":"server_error"}}}\n\n',
      'upstream-transient',
    ],
    ['gemini-generate', 'data: {"error":{"code":504,"message":"late"}}\n\n', 'upstream-timeout'],
  ] as const)('%s %s is %s', (protocol, text, kind) => {
    expect(streamOf(protocol, text).failure?.kind).toBe(kind);
  });
});

it.each([
  ['nested too deep', '['.repeat(10_000) + ']'.repeat(10_000)],
  ['more than memory holds', `[${'0,'.repeat(1_000_000)}0]`],
])('what is %s is no answer', (_what, value) => {
  const body = `{"content":[{"type":"tool_use","input":{"a":${value}}}]}`;
  expect(bodyOf('anthropic-messages', body).failure?.kind).toBe('upstream-garbled');
});

describe('our own count of a body', () => {
  it.each([
    [
      'anthropic-messages',
      {
        content: [
          { type: 'text', text: '12345678' },
          { type: 'tool_use', id: 'toolu_0123456789', input: { a: 'bc' } },
        ],
      },
      4,
    ],
    [
      'openai-chat',
      chatBody(
        {},
        {
          role: 'assistant',
          content: '12345678',
          tool_calls: [{ id: 'call_0123456789', function: { name: 'f', arguments: '{"a":"bc"}' } }],
        },
      ),
      4,
    ],
    [
      'openai-responses',
      {
        status: 'completed',
        output: [{ type: 'message', id: 'msg_0123456789', content: [{ type: 'output_text', text: '12345678' }] }],
      },
      2,
    ],
    [
      'gemini-generate',
      { candidates: [{ content: { parts: [{ text: '12345678', thoughtSignature: 'x'.repeat(400) }] } }] },
      2,
    ],
  ] as const)('%s counts what was said and not its envelope', (protocol, body, units) => {
    expect(bodyOf(protocol, body).deliveredOutput).toBe(units);
  });
});

describe('answers without words', () => {
  it('reads a refusal before content', () => {
    const text =
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"refusal"},"usage":{"output_tokens":1}}\n\n' +
      'event: message_stop\ndata: {"type":"message_stop"}\n\n';
    expect(streamOf('anthropic-messages', text)).toMatchObject({
      contentStarted: false,
      ended: true,
      finish: 'refusal',
    });
  });

  it.each([
    ['gemini-generate', { promptFeedback: { blockReason: 'SAFETY' } }, { contentStarted: false, finish: 'refusal' }],
    [
      'gemini-generate',
      { candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }] },
      { contentStarted: false, finish: 'length' },
    ],
    [
      'gemini-generate',
      { candidates: [{ content: { parts: [{ text: 'I' }] }, finishReason: 'MALFORMED_FUNCTION_CALL' }] },
      { contentStarted: true, finish: 'unusable' },
    ],
    ['openai-chat', chatBody({}, { role: 'assistant', content: '' }), { contentStarted: false, deliveredOutput: 0 }],
    ['anthropic-messages', { input_tokens: 7 }, { contentStarted: true, quarantined: false }],
    ['gemini-generate', { totalTokens: 7 }, { contentStarted: true, quarantined: false }],
  ] as const)('%s %j', (protocol, body, expected) => {
    expect(bodyOf(protocol, body)).toMatchObject({ ended: true, ...expected });
  });

  it('reads a Gemini stream that came as a list', () => {
    const part = (text: string, more: object = {}) => ({ candidates: [{ content: { parts: [{ text }] }, ...more }] });
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 };
    const [first, last] = [part('Hel'), { ...part('lo', { finishReason: 'STOP' }), usageMetadata }];
    const listOf = (text: string) => {
      const meter = WIRES['gemini-generate'].meter.list!({});
      const splitter = createListSplitter();
      const signs: string[] = [];
      splitter.push(encode(text), (record) => signs.push(meter.record(record)));
      return { ...meter.reading(), signs };
    };
    for (const indent of [0, 2])
      expect(listOf(JSON.stringify([first, last], null, indent))).toMatchObject({
        ...{ ended: true, finish: 'stop', usage: { input: 3, output: 2 }, deliveredOutput: 1 },
        signs: ['content', 'content', 'preamble'],
      });
    expect(listOf(`[${JSON.stringify(last)}`)).toMatchObject({ ended: false, signs: ['content'] });
    expect(listOf(`[${JSON.stringify(first)}]`).ended).toBe(false);
    expect(listOf('[]')).toMatchObject({ ended: false, signs: ['preamble'] });
    expect(listOf('[{"error":{"code":503}}]').failure?.kind).toBe('upstream-transient');
    expect(listOf('[{"candidates":[}]}').failure?.kind).toBe('upstream-garbled');
  });

  it('waits for every choice of a chat stream', () => {
    const say = (index: number, finish: string | null) =>
      `data: ${JSON.stringify({ choices: [{ index, delta: { content: 'x' }, finish_reason: finish }] })}\n\n`;
    expect(streamOf('openai-chat', say(0, null) + say(1, null) + say(0, 'stop')).ended).toBe(false);
    expect(streamOf('openai-chat', say(0, 'stop') + say(1, 'stop')).ended).toBe(true);
  });
});
