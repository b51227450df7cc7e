import { refuseLosses } from '@bytespike/ir';
import { isJsonObject, parseJson, type JsonObject } from '@bytespike/kernel';

import { toDeepSeek, toOpenAi } from '../testing/exchange-options.js';
import { readMessagesStream } from '../testing/messages-grammar.js';

import { openExchange, type ExchangeOptions } from './exchange.js';

const whole = { ...toDeepSeek, stream: false };
const text = new TextEncoder();

const ask = (fields: object, options: ExchangeOptions = whole) =>
  openExchange(JSON.stringify({ model: 'm', max_tokens: 50, thinking: { type: 'adaptive' }, ...fields }), options);

const hello = { messages: [{ role: 'user', content: 'Hi' }] };
const weather = { name: 'get_weather', input_schema: { type: 'object' } };

interface ChatBody {
  readonly model: string;
  readonly messages: readonly (JsonObject & { readonly content: string })[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
}
const sent = (exchange: { readonly body: string }) => parseJson(exchange.body) as unknown as ChatBody;

const chatAnswer = (message: object, finish_reason = 'stop') =>
  JSON.stringify({ id: 'chatcmpl-7', model: 'upstream', choices: [{ index: 0, message, finish_reason }] });
const chatCall = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: '{}' } });

interface Block extends JsonObject {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly signature: string;
}
const blocksOf = (body: string): readonly Block[] => {
  const message = parseJson(body);
  return isJsonObject(message) ? (message['content'] as unknown as readonly Block[]) : [];
};

describe('openExchange', () => {
  it('asks for the upstream model and answers with the catalogue id', () => {
    const exchange = ask(hello);
    expect(sent(exchange).model).toBe('deepseek-v4-pro-0925');
    expect(parseJson(exchange.answer(chatAnswer({ content: 'Hello' })).body)).toMatchObject({
      id: 'msg_chatcmpl-7',
      model: 'deepseek-v4-pro',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
    });
  });

  it('names the place of a wrong field in the words of the body', () => {
    const wrong = [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 7 }] }];
    expect(() => ask({ messages: wrong })).toThrow('messages.0.content.0.tool_use_id');
    expect(() => ask({ messages: [{ role: 'robot', content: 'Hi' }] })).toThrow('messages.0.role');
    expect(() => openExchange('{"messages":', whole)).toThrow('not valid JSON');
  });

  it.each<{ name: string; fields: object; warned: readonly string[] }>([
    { name: 'context edits', fields: { context_management: { edits: [] } }, warned: ['L84 context_management'] },
    { name: 'a container', fields: { container: 'c' }, warned: ['L80 container'] },
    { name: 'an unknown field', fields: { brand_new: 1 }, warned: ['L87 brand_new'] },
    { name: 'a field named like what every object has', fields: { constructor: 1 }, warned: ['L87 constructor'] },
    { name: 'top_k', fields: { top_k: 5 }, warned: ['L60 top_k'] },
    {
      name: 'a part of a message',
      fields: { messages: [{ role: 'user', content: [{ type: 'wink' }, { type: 'text', text: 'x' }] }] },
      warned: ['L14 messages.0.content.0'],
    },
    {
      name: 'an unfinished answer',
      fields: { messages: [...hello.messages, { role: 'assistant', content: 'I' }] },
      warned: ['L04 messages.1'],
    },
    {
      name: 'a call without its result',
      fields: {
        messages: [
          ...hello.messages,
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'a', input: {} }] },
          { role: 'user', content: 'Go on' },
        ],
      },
      warned: ['L31 messages.1.content.0'],
    },
    {
      name: 'a result without its call',
      fields: { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 't9', content: '' }] }] },
      warned: ['L31 messages.0.content.0'],
    },
  ])('tells what $name loses, where it stood', ({ fields, warned }) => {
    expect(ask({ ...hello, ...fields }).losses.map(({ code, path }) => `${code} ${path}`)).toEqual(warned);
  });

  it('passes betas over with a note that no policy refuses', () => {
    const { losses } = ask(hello, { ...whole, headers: { 'anthropic-beta': 'effort-2025-11-24' } });
    expect(losses).toEqual([{ code: 'L85', path: 'anthropic-beta', effect: 'dropped' }]);
    expect(() => refuseLosses(losses, { policy: 'strict', allow: [] }, 'deepseek')).not.toThrow();
  });

  it('counts cached input apart from the rest', () => {
    const usage = { prompt_tokens: 100, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 75 } };
    const body = { ...JSON.parse(chatAnswer({ content: 'Hi' })), usage } as object;
    expect(parseJson(ask(hello).answer(JSON.stringify(body)).body)).toMatchObject({
      usage: { input_tokens: 25, cache_read_input_tokens: 75, output_tokens: 9 },
    });
  });

  it('leaves out of a whole answer a call that the limit has cut', () => {
    const cut = { id: 'c1', type: 'function', function: { name: 'a', arguments: '{"x": "unf' } };
    const answer = ask(hello).answer(chatAnswer({ content: null, tool_calls: [cut] }, 'length'));
    expect(parseJson(answer.body)).toMatchObject({ content: [], stop_reason: 'max_tokens' });
  });

  it.each(['', '[]', '{"choices":[]}', '{"error":{"message":"no"}}', '<html>'])('calls %j garbled', (body) => {
    expect(() => ask(hello).answer(body)).toThrow(expect.objectContaining({ kind: 'upstream-garbled' }));
  });

  it('gives a name too long for the vendor a shorter one, and the client its own back', () => {
    const name = `mcp__${'server'.repeat(9)}__${'tool'.repeat(6)}`;
    const exchange = ask({ ...hello, tools: [{ ...weather, name }, weather] });
    const names = sent(exchange).tools.map((tool) => tool.function.name);
    expect(names.map(({ length }) => length)).toEqual([64, 11]);
    const [block] = blocksOf(
      exchange.answer(chatAnswer({ tool_calls: [chatCall('c1', names[0] ?? '')] }, 'tool_calls')).body,
    );
    expect(block?.name).toBe(name);
  });
});

describe('ids of tool calls', () => {
  const vendorId = 'functions.get_weather:0';
  const callsOf = (history: readonly object[]): readonly string[] => {
    const answer = ask({ messages: history, tools: [weather] }).answer(
      chatAnswer({ tool_calls: [chatCall(vendorId, 'get_weather')] }, 'tool_calls'),
    );
    return blocksOf(answer.body).map(({ id }) => id);
  };
  const turn = (id: string) => [
    { role: 'assistant', content: [{ type: 'tool_use', id, name: 'get_weather', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'sun' }] },
  ];

  it('are unique to the client though the vendor repeats its own, and the vendor gets its own back', () => {
    const [first = ''] = callsOf(hello.messages);
    const [second = ''] = callsOf([...hello.messages, ...turn(first)]);
    expect(first).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(second).not.toBe(first);
    const { messages } = sent(ask({ messages: [...hello.messages, ...turn(first)] }));
    expect(messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: vendorId });
  });

  it('stay apart in what is sent where the vendor has used one twice', () => {
    const [first = ''] = callsOf(hello.messages);
    const [second = ''] = callsOf([...hello.messages, ...turn(first)]);
    const { messages } = sent(ask({ messages: [...hello.messages, ...turn(first), ...turn(second)] }));
    const ids = messages.flatMap((message) => (message['role'] === 'tool' ? [message['tool_call_id']] : []));
    expect(new Set(ids).size).toBe(2);
  });
});

describe('reasoning', () => {
  const thinking = { content: 'Sun.', reasoning_content: 'Let me see.' };
  const [thought] = blocksOf(ask(hello).answer(chatAnswer(thinking)).body);
  const next = [
    ...hello.messages,
    { role: 'assistant', content: [thought, { type: 'text', text: 'Sun.' }] },
    { role: 'user', content: 'More' },
  ];

  it('reaches the client as a signed thinking block', () => {
    expect(thought).toEqual({ type: 'thinking', thinking: 'Let me see.', signature: expect.stringMatching(/^gwc1\./) });
  });

  it('goes back to the vendor it came from as that vendor spells it', () => {
    const exchange = ask({ messages: next });
    expect(sent(exchange).messages[1]).toEqual({
      role: 'assistant',
      content: 'Sun.',
      reasoning_content: 'Let me see.',
    });
    expect(exchange.losses).toEqual([]);
  });

  it.each<{ name: string; options: ExchangeOptions }>([
    { name: 'another vendor', options: toOpenAi },
    { name: 'another vendor that takes reasoning', options: { ...whole, vendor: 'moonshot' } },
    { name: 'a platform that did not sign it', options: { ...whole, signer: { sign: () => 'other' } } },
    { name: 'a vendor of its own protocol', options: { ...whole, target: 'anthropic-messages', vendor: 'anthropic' } },
  ])('never reaches $name', ({ options }) => {
    const exchange = ask({ messages: next }, options);
    expect(exchange.body).not.toContain('gwc1.');
    expect(exchange.body).not.toContain('Let me see.');
    expect(new Set(exchange.losses.map(({ code, path }) => `${code} ${path}`))).toEqual(
      new Set(['L40 messages.1.content.0']),
    );
  });

  it('stays behind where a model of its own vendor refuses it', () => {
    const exchange = ask({ messages: next }, { ...whole, upstreamModel: 'deepseek-r1' });
    expect(exchange.body).not.toContain('reasoning_content');
  });

  it('is signed in a stream as in a whole answer', () => {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ id: 'chatcmpl-7', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const stream = ask(hello, toDeepSeek).stream();
    const wire = chunk({ reasoning_content: 'Let me see.' }) + chunk({ content: 'Sun.' }) + chunk({}, 'stop');
    const events = readMessagesStream(stream.push(text.encode(wire)).text + stream.end().text);
    const deltas = events.flatMap(({ delta }) => (delta?.type ? [delta] : []));
    expect(deltas).toEqual([
      { type: 'thinking_delta', thinking: 'Let me see.' },
      { type: 'signature_delta', signature: thought?.signature },
      { type: 'text_delta', text: 'Sun.' },
    ]);
  });
});

describe('a conversation', () => {
  it('is rendered as the beginning of its own next turn', () => {
    const turns: object[] = [
      { role: 'user', content: 'Weather?' },
      { role: 'system', content: 'Here: Oslo' },
    ];
    let before: readonly unknown[] = [];
    for (const id of ['t1', 't2', 't3', 't4']) {
      const messages = sent(ask({ messages: turns, tools: [weather] })).messages;
      expect(messages.slice(0, before.length)).toEqual(before);
      before = messages;
      const answer = ask({ messages: turns, tools: [weather] }).answer(
        chatAnswer({ content: 'So', reasoning_content: `Thought ${id}`, tool_calls: [chatCall(id, 'get_weather')] }),
      );
      turns.push({ role: 'assistant', content: blocksOf(answer.body) });
      turns.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'sun' }] });
    }
    expect(before.at(-2)).toMatchObject({ role: 'assistant', reasoning_content: 'Thought t3' });
  });
});

describe('a Chat client at a Messages vendor', () => {
  const options: ExchangeOptions = {
    ...toOpenAi,
    client: 'openai-chat',
    target: 'anthropic-messages',
    vendor: 'anthropic',
  };
  const answer = [
    { type: 'message_start', message: { id: 'msg_1', model: 'x', usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ];
  const wire = text.encode(answer.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));

  it.each([
    { name: 'is told the usage it asked for', fields: { stream_options: { include_usage: true } }, told: true },
    { name: 'is not told usage it did not ask for', fields: {}, told: false },
  ])('$name', ({ fields, told }) => {
    const body = JSON.stringify({ model: 'm', stream: true, ...hello, ...fields });
    const received = openExchange(body, options).stream().push(wire).text;
    expect(received.includes('"prompt_tokens":5')).toBe(told);
    expect(received).toContain('"created":1760000000');
    expect(received.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});
