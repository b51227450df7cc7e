import type { Target } from '@bytespike/contracts';
import type { ProtocolName } from '@bytespike/kernel';
import { peekBody } from '@bytespike/protocols';

import { withLaneOf } from './lane-of.js';

const planned = (vendor: string, protocol: ProtocolName): Target => ({
  ...{ channelId: 'c', vendor, model: 'm', upstreamModel: 'm', protocol, lane: 'raw', priceVersion: 'm@1' },
});

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
const said = (part: object) => ({ ...hello, messages: [{ role: 'user', content: [part] }] });

const answering = (id: string) => ({
  ...said({ type: 'tool_result', tool_use_id: id, content: 'x' }),
  thinking: { type: 'enabled', budget_tokens: 1_024 },
});

const reasoned = (state: object) => ({
  model: 'm',
  store: false,
  input: [{ type: 'reasoning', summary: [], ...state }],
});

const resumed = (times: number) => ({
  contents: [
    { role: 'model', parts: [{ functionCall: { id: '1', name: 'look' } }] },
    { role: 'user', parts: Array(times).fill({ functionResponse: { id: '1', name: 'look', response: {} } }) },
  ],
});

type Case = readonly [lane: Target['lane'], what: string, vendor: string, protocol: ProtocolName, body: object];

describe('the lane of a body', () => {
  it.each<Case>([
    [
      'raw',
      'anything',
      'openai',
      'openai-chat',
      { ...hello, tools: [{}], tool_choice: 'required', response_format: {} },
    ],
    ['raw', 'anything', 'anthropic', 'anthropic-messages', { ...said({ type: 'image' }), context_management: {} }],
    ['raw', 'plain talk', 'deepseek', 'openai-chat', { ...hello, max_tokens: 5, stream: true }],
    ['ir', 'the newer name of a limit', 'deepseek', 'openai-chat', { ...hello, max_completion_tokens: 5 }],
    ['ir', 'tools', 'deepseek', 'openai-chat', { ...hello, tools: [{}] }],
    ['ir', 'a forced choice', 'moonshot', 'openai-chat', { ...hello, tool_choice: 'required' }],
    ['ir', 'a schema', 'deepseek', 'openai-chat', { ...hello, response_format: { type: 'json_schema' } }],
    ['ir', 'a picture', 'zhipu', 'openai-chat', said({ type: 'image_url' })],
    ['ir', 'a developer', 'bytedance', 'openai-chat', { ...hello, messages: [{ role: 'developer', content: 'x' }] }],
    ['ir', 'a field nobody knows', 'deepseek', 'openai-chat', { ...hello, brand_new: 1 }],
    ['ir', 'what needs a field of its own', 'minimax', 'openai-chat', hello],
    ['ir', 'an unknown vendor and tools', 'acme', 'openai-chat', { ...hello, tools: [{}] }],
    ['ir', 'a model that may think', 'deepseek', 'anthropic-messages', { ...hello, max_tokens: 5 }],
    ['ir', 'a model that shall think', 'deepseek', 'anthropic-messages', { ...hello, thinking: { type: 'enabled' } }],
    ['raw', 'a model that shall not', 'deepseek', 'anthropic-messages', { ...hello, thinking: { type: 'disabled' } }],
    [
      ...(['ir', 'cache marks', 'deepseek', 'anthropic-messages'] as const),
      { ...said({ type: 'text', text: 'x', cache_control: {} }), thinking: { type: 'disabled' } },
    ],
    ['ir', 'items', 'deepseek', 'openai-responses', { model: 'm', input: 'Hi' }],
    ['raw', 'results of its own calls', 'anthropic', 'anthropic-messages', answering('toolu_01A')],
    ['raw', 'its own reasoning, sealed', 'openai', 'openai-responses', reasoned({ encrypted_content: 'gAAA' })],
    ['ir', "another vendor's readable reasoning", 'openai', 'openai-responses', reasoned({})],
    ['ir', "a response format by Chat's name", 'openai', 'openai-responses', { ...reasoned({}), response_format: {} }],
    ['raw', 'reasoning that it keeps', 'openai', 'openai-responses', { ...reasoned({}), store: true }],
    [
      'raw',
      'the name of a limit that reasoning models know',
      'openai',
      'openai-chat',
      { ...hello, max_completion_tokens: 5 },
    ],
    ['ir', 'the older name of a limit', 'openai', 'openai-chat', { ...hello, max_tokens: 5 }],
    ['ir', "another vendor's reasoning beside a message", 'openai', 'openai-chat', said({ reasoning_content: 'x' })],
    ['raw', 'a result to each call', 'google', 'gemini-generate', resumed(1)],
    ['ir', 'results that a resumed session repeats', 'google', 'gemini-generate', resumed(2)],
    ['ir', "results of another vendor's calls", 'anthropic', 'anthropic-messages', answering('call_1')],
    [
      ...(['raw', 'such results without thinking', 'anthropic', 'anthropic-messages'] as const),
      { ...answering('call_1'), thinking: undefined },
    ],
  ])('is %s for %s at %s on %s', (lane, _what, vendor, protocol, body) => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const call = { body: bytes, peeked: peekBody(protocol, bytes), protocol, operation: 'generate' } as const;
    expect(withLaneOf(planned(vendor, protocol), call).lane).toBe(lane);
  });

  it('is the planned one for a count, which is asked of nobody else', () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...hello, tools: [{}] }));
    const call = {
      body: bytes,
      peeked: peekBody('openai-chat', bytes),
      protocol: 'openai-chat',
      operation: 'count',
    } as const;
    expect(withLaneOf(planned('deepseek', 'openai-chat'), call).lane).toBe('raw');
  });
});
