import { GatewayError, type ProtocolName } from '@bytespike/kernel';

import { peekBody } from '../registry.js';
import { applyEdits, askForUsage, renameModel } from './edits.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const peek = (protocol: ProtocolName, body: unknown) =>
  peekBody(protocol, encode(typeof body === 'string' ? body : JSON.stringify(body)));
const refusal = (protocol: ProtocolName, body: string): GatewayError => {
  try {
    peek(protocol, body);
  } catch (error) {
    return GatewayError.from(error);
  }
  throw new Error('the body was accepted');
};

describe('peekBody', () => {
  it('reads what policy needs of a Messages request', () => {
    const data = 'A'.repeat(4_000);
    const body = {
      model: 'claude-sonnet-4-6',
      max_tokens: 1024,
      stream: true,
      thinking: { type: 'adaptive' },
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }] },
        { role: 'assistant', content: 'a "quoted" \\ \u0000 text, with [brackets} and "model": "x"' },
      ],
    };
    const peeked = peek('anthropic-messages', body);
    expect(peeked).toEqual({
      fields: ['model', 'max_tokens', 'stream', 'thinking', 'tools', 'messages'],
      model: { value: 'claude-sonnet-4-6', at: 9, length: 19 },
      maxOutput: 1024,
      outputUnwanted: false,
      stream: true,
      choices: 1,
      hasTools: true,
      searches: { bounded: 0, usesMax: 0, unbounded: 0 },
      mayHaveImages: true,
      thinking: true,
      usesState: false,
      inThread: false,
      inBackground: false,
      declinesStore: false,
      messageCount: 2,
      includeUsage: { state: 'reported' },
      input: { textBytes: JSON.stringify(body).length - 4_000, base64Bytes: 4_000, mediaCount: 1 },
    });
  });

  it.each([
    ['openai-chat', { max_completion_tokens: 7, max_tokens: 9, n: 3, messages: [] }, { maxOutput: 9, choices: 3 }],
    ['openai-chat', { reasoning_effort: 'none', tools: [], functions: [] }, { thinking: false, hasTools: false }],
    ['openai-chat', { reasoning_effort: 'low', functions: [{}] }, { thinking: true, hasTools: true }],
    ['openai-responses', { input: 'hi', max_output_tokens: 5 }, { maxOutput: 5, messageCount: 1, usesState: false }],
    ['openai-responses', { max_output_tokens: 0 }, { maxOutput: 0, outputUnwanted: true }],
    ['openai-responses', { max_output_tokens: 9, prompt_cache_options: { prewarm: true } }, { outputUnwanted: true }],
    ['openai-responses', { prompt_cache_options: { prewarm: false, mode: 'auto' } }, { outputUnwanted: false }],
    ['openai-responses', { previous_response_id: 'resp_1' }, { usesState: true }],
    ['openai-responses', { background: true }, { inBackground: true }],
    ['openai-responses', { background: false }, { inBackground: false }],
    ['openai-responses', { conversation: 'conv_1' }, { inThread: true, usesState: false }],
    ['anthropic-messages', { thread: { type: 'create' } }, { inThread: true }],
    ['anthropic-messages', { thread: null }, { inThread: false }],
    ['gemini-generate', { cachedContent: 'cachedContents/a', contents: [] }, { inThread: true }],
    ['gemini-generate', { cached_content: 'cachedContents/a', contents: [] }, { inThread: true }],
    ['gemini-generate', { generateContentRequest: { cachedContent: 'cachedContents/a' } }, { inThread: true }],
    ['gemini-generate', { cachedContent: null, contents: [] }, { inThread: false }],
    ['openai-responses', { store: false }, { declinesStore: true }],
    ['openai-responses', { store: true }, { declinesStore: false }],
    ['openai-chat', { store: false }, { declinesStore: false }],
    ['openai-responses', { previous_response_id: null }, { usesState: false }],
    ['openai-responses', { input: [{ type: 'item_reference', id: 'x' }] }, { usesState: true, messageCount: 1 }],
    [
      'openai-responses',
      { input: [{ role: 'user', content: 'x' }, { id: 'x' }] },
      { usesState: true, messageCount: 2 },
    ],
    ['openai-responses', { input: [{ id: 'x', type: null }, { role: 'user' }] }, { usesState: true }],
    ['openai-responses', { input: [{ id: 'x', more: [{ type: 'message', role: 'user' }] }] }, { usesState: true }],
    ['openai-responses', '{"input":[{"type":"item\\u005freference","id":"x"}]}', { usesState: true }],
    ['openai-responses', { input: [{ role: 'user', content: [] }, { type: 'reasoning' }] }, { usesState: false }],
    ['openai-responses', { input: [] }, { usesState: false }],
    ['openai-chat', { messages: [{ id: 'x' }] }, { usesState: false }],
    ['openai-responses', { input: [{ type: 'additional_tools' }] }, { hasTools: true }],
    ['openai-responses', { input: [{ content: [{ type: 'input_image' }] }] }, { mayHaveImages: true }],
    ['gemini-generate', { generation_config: { max_output_tokens: 3 } }, { maxOutput: 3 }],
    ['gemini-generate', { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }, { thinking: false }],
    ['gemini-generate', { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' } } }, { thinking: true }],
    [
      'gemini-generate',
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png' } }] }] },
      { mayHaveImages: true },
    ],
    [
      'gemini-generate',
      { contents: [{ parts: [{ inlineData: { mimeType: 'audio/wav' } }] }] },
      { mayHaveImages: false },
    ],
    ['gemini-generate', { generateContentRequest: { contents: [{}, {}] } }, { messageCount: 2 }],
    ['anthropic-messages', { thinking: { type: 'disabled' } }, { thinking: false }],
  ] as const)('%s %j', (protocol, body, facts) => {
    expect(peek(protocol, body)).toMatchObject(facts);
  });

  it('takes words in text for text', () => {
    const said = { role: 'user', content: '{"type":"image","model":"m"}' };
    const peeked = peek('anthropic-messages', { messages: [said], system: '"stream":true' });
    expect(peeked).toMatchObject({ mayHaveImages: false, stream: false });
    expect(peeked.model).toBeUndefined();
  });

  const block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(400) } };
  const call = { id: 't', name: 'append', input: { children: [block, { url: 'data:x', mimeType: 'image/png' }] } };
  const listed = { files: [{ name: 'a.png', mimeType: 'image/png' }] };
  const png = { inlineData: { mimeType: 'image/png', data: 'A'.repeat(400) } };

  it.each([
    ['anthropic-messages', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', ...call }] }] }, 0],
    [
      'anthropic-messages',
      { messages: [{ role: 'assistant', content: [{ ...call, type: 'tool_use' }, { text: 'x' }, block] }] },
      1,
    ],
    ['anthropic-messages', { messages: [{ content: [call] }, { role: 'user', content: [block] }] }, 1],
    ['gemini-generate', { contents: [{ parts: [{ functionCall: { name: 'f', args: listed } }] }] }, 0],
    ['gemini-generate', { contents: [{ parts: [{ functionResponse: { name: 'f', response: listed } }] }] }, 0],
    ['gemini-generate', { contents: [{ parts: [{ functionResponse: { response: listed, parts: [png] } }] }] }, 1],
  ] as const)(
    'takes what a model or a tool has said for text, and what stands beside it for itself: %s %#',
    (of, body, media) => {
      const { mayHaveImages, input } = peek(of, body);
      expect(mayHaveImages).toBe(media > 0);
      expect(input).toMatchObject({ mediaCount: media, base64Bytes: media * 400 });
    },
  );

  const bounded = (usesMax: number) => ({ bounded: 1, usesMax, unbounded: 0 });
  const unbounded = (count: number) => ({ bounded: 0, usesMax: 0, unbounded: count });
  const search = { type: 'web_search_20250305', name: 'web_search' };
  const named = { name: 'f', input_schema: { properties: { type: 'web_search', googleSearch: {}, max_uses: 3 } } };

  it.each([
    ['anthropic-messages', { tools: [search] }, unbounded(1)],
    ['anthropic-messages', { tools: [named, { max_uses: 7, ...search }, named] }, bounded(7)],
    ['anthropic-messages', { tools: [{ ...search, max_uses: 2 }, search] }, { ...bounded(2), unbounded: 1 }],
    ['anthropic-messages', { tools: [{ ...search, max_uses: 0 }] }, unbounded(1)],
    ['anthropic-messages', { tools: [{ ...search, max_uses: null }] }, unbounded(1)],
    ['anthropic-messages', { tools: [{ ...search, max_uses: 12345678901 }] }, unbounded(1)],
    ['anthropic-messages', { tools: [{ type: 'web_fetch_20250910', max_uses: 4 }, named] }, unbounded(0)],
    ['anthropic-messages', { messages: [{ content: [search] }] }, unbounded(0)],
    ['openai-responses', { tools: [{ type: 'web_search' }] }, unbounded(1)],
    ['openai-responses', { tools: [{ type: 'web_search_preview' }, { type: 'function', name: 'f' }] }, unbounded(1)],
    ['openai-responses', { input: [{ type: 'additional_tools', tools: [{ type: 'web_search' }] }] }, unbounded(1)],
    ['openai-responses', { input: [{ type: 'web_search_call', id: 'ws' }] }, unbounded(0)],
    ['openai-chat', { web_search_options: {} }, unbounded(1)],
    ['openai-chat', { web_search: false, grounding: null }, unbounded(0)],
    ['openai-chat', { web_search: true, tools: [{ type: 'web_search' }] }, unbounded(2)],
    ['gemini-generate', { tools: [{ functionDeclarations: [named], googleSearch: {} }] }, unbounded(1)],
    ['gemini-generate', { tools: [{ google_search: {} }, { googleSearchRetrieval: null }] }, unbounded(1)],
  ] as const)('tells the searches that a vendor makes: %s %j', (protocol, body, searches) => {
    expect(peek(protocol, body).searches).toEqual(searches);
  });

  it('decodes an escaped member name', () => {
    expect(peek('openai-chat', '{"mod\\u0065l":"g\\u0070t"}').model?.value).toBe('gpt');
  });

  it.each([
    ['{"model":"a","model":"b"}', '"model" appears twice, at line 1, column 14 (byte 13)'],
    ['{"model":"a","mod\\u0065l":"b"}', '"model" appears twice'],
    ['{"model":"a",\n "max_tokens": -1}', 'at line 2, column 16'],
    ['{"model":7}', '"model" must be a string'],
    ['{"stream":"yes"}', '"stream" must be true or false'],
    ['', 'the body is empty'],
    ['[]', 'expected an object'],
    ['{"a":1} x', 'something follows the object'],
    ['{"a":1,}', 'expected a member name'],
    ['{"a" 1}', "expected ':'"],
    ['{"a":tru}', 'expected a value'],
    ['{"a":[1}', 'a bracket closes what was not opened'],
    ['{"a":"x', 'a string is not closed'],
    ['{"a":{"b":1', 'the text ends inside a value'],
    [`{"a":${'['.repeat(513)}`, 'nesting is deeper than 512'],
  ])('refuses %j with a place', (body, message) => {
    const error = refusal('openai-chat', body);
    expect(error.kind).toBe('invalid-request');
    expect(error.message).toContain(message);
  });

  it('refuses a member spelled in both ways of proto-JSON', () => {
    expect(refusal('gemini-generate', '{"generationConfig":{},"generation_config":{}}').kind).toBe('invalid-request');
  });

  it('never echoes content', () => {
    expect(refusal('openai-chat', '{"secret words" "more"').message).not.toContain('secret');
  });

  it('refuses more messages than the limit', () => {
    const body = `{"messages":[${'1,'.repeat(100_000)}1]}`;
    expect(refusal('openai-chat', body).message).toContain('100001 messages');
  });
});

describe('edits of a raw request', () => {
  const edited = (body: string) => {
    const bytes = encode(body);
    const peeked = peekBody('openai-chat', bytes);
    const edits = [renameModel(peeked, 'up/stream"'), askForUsage(peeked)].filter((edit) => edit !== undefined);
    return decode(applyEdits(bytes, edits));
  };

  it.each([
    ['{"model":"m","stream":true}', '{"stream_options":{"include_usage":true},"model":"up/stream\\"","stream":true}'],
    [
      ' { "stream" : true , "model" : "m" } ',
      ' {"stream_options":{"include_usage":true}, "stream" : true , "model" : "up/stream\\"" } ',
    ],
    [
      '{"model":"m","stream":true,"stream_options":null}',
      '{"model":"up/stream\\"","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{}}',
      '{"model":"up/stream\\"","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{"x":1}}',
      '{"model":"up/stream\\"","stream":true,"stream_options":{"include_usage":true,"x":1}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{"include_usage":false}}',
      '{"model":"up/stream\\"","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
      '{"model":"up/stream\\"","stream":true,"stream_options":{"include_usage":true}}',
    ],
    ['{"model":"m","stream":false}', '{"model":"up/stream\\"","stream":false}'],
  ])('%s', (body, expected) => {
    expect(edited(body)).toBe(expected);
  });

  it('leaves a body alone that already names the upstream model', () => {
    expect(renameModel(peek('openai-chat', { model: 'm' }), 'm')).toBeUndefined();
  });
});
