import OpenAI from 'openai';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { createChatWire } from './create-chat-wire.js';
import { OPENAI_CHAT } from './openai-chat.js';

type Messages = OpenAI.ChatCompletionMessageParam[];

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([createChatWire(OPENAI_CHAT)]);
});
afterAll(() => simulator.close());

const client = () =>
  new OpenAI({ apiKey: 'sim-x', baseURL: `${simulator.address}/openai/v1`, maxRetries: 0, logLevel: 'off' });
const user = (content: string) => ({ role: 'user' as const, content });
const ask = (content: string, extra: object = {}, model = 'gpt-4o') =>
  client().chat.completions.create({
    model,
    messages: [user(content)],
    ...extra,
  } as OpenAI.ChatCompletionCreateParamsNonStreaming);
const fold = (content: string, extra: object = {}, model = 'gpt-4o') =>
  client()
    .chat.completions.stream({ model, messages: [user(content)], ...extra })
    .finalChatCompletion();

describe('the chat wire', () => {
  it('counts reasoning inside the completion and never shows it', async () => {
    const answer = await ask('think: a long thought about it\nsay: yes', { reasoning_effort: 'high' }, 'gpt-5.5');
    expect(answer.choices[0]?.message).toEqual({ role: 'assistant', content: 'yes', refusal: null, annotations: [] });
    const { completion_tokens: all, completion_tokens_details: details } = answer.usage!;
    expect(details?.reasoning_tokens).toBeGreaterThan(0);
    expect(all).toBe(details!.reasoning_tokens! + 1);
  });

  it('makes several choices, each with its odds', async () => {
    const extra = { n: 2, logprobs: true, top_logprobs: 2 };
    const whole = await ask('say: some words', extra);
    expect(whole.choices.map((choice) => choice.index)).toEqual([0, 1]);
    const odds = whole.choices[1]!.logprobs!.content!;
    expect(odds.map(({ token }) => token).join('')).toBe('some words');
    expect(odds[0]?.top_logprobs).toHaveLength(2);
    const folded = await fold('say: some words', extra);
    expect(folded.choices.map(({ message, logprobs }) => [message.content, logprobs])).toEqual(
      whole.choices.map(({ message, logprobs }) => [message.content, logprobs]),
    );
  });

  it('calls free-form tools with text', async () => {
    const tools = [
      {
        type: 'custom' as const,
        custom: { name: 'exec', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } } },
      },
    ];
    const whole = await ask('call: exec {"input":"ls -l"}', { tools });
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'exec', input: 'ls -l' } },
    ]);
  });

  it('stops at sequences and at limits', async () => {
    const stopped = await ask('count to 9', { stop: [', 4'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: '1, 2, 3' } });
    const cut = await ask('count to 50', { max_tokens: 7 });
    expect(cut).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 7 } });
  });

  it('makes what a schema asks for', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, size: { type: 'integer' } },
      required: ['city', 'size'],
      additionalProperties: false,
    };
    const extra = { response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } } };
    const shaped = await ask('anything', extra);
    expect(JSON.parse(shaped.choices[0]!.message.content!)).toEqual({
      city: expect.any(String),
      size: expect.any(Number),
    });
    const loose = { ...schema, additionalProperties: true };
    const unfit = ask('x', {
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema: loose, strict: true } },
    });
    await expect(unfit).rejects.toThrow(/'additionalProperties' is required to be supplied and to be false/);
    await expect(ask('x', { response_format: { type: 'json_object' } })).rejects.toThrow(
      /must contain the word 'json'/,
    );
  });

  it('refuses in a field of its own', async () => {
    const whole = await ask('refuse');
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: null, refusal: expect.any(String) },
    });
    expect((await fold('refuse')).choices[0]?.message.refusal).toBe(whole.choices[0]?.message.refusal);
  });

  it('searches only with search models and cites by character', async () => {
    const answer = await ask('search: fjörds', { web_search_options: {} }, 'gpt-4o-search-preview');
    const { content, annotations } = answer.choices[0]!.message;
    const { start_index: start, end_index: end } = annotations![0]!.url_citation;
    expect([...content!].slice(start, end).join('')).toBe(content!.replace('I searched for fjörds. ', ''));
    await expect(ask('search: x', { web_search_options: {} })).rejects.toThrow(
      'Web search options not supported with this model.',
    );
  });

  it('sees images and refuses what is none', async () => {
    const picture = (url: string): Messages => [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ];
    const seen = await ask('', { messages: picture('data:image/png;base64,AAAA') });
    expect(seen.choices[0]?.message.content).toBe('I see 1: image/png of 3 bytes.');
    await expect(ask('', { messages: picture('data:text/plain;base64,AAAA') })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_image_format',
    });
  });

  it('lets back in what the helpers of the SDK add to a message', async () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters, strict: true } }];
    const messages: Messages = [user('call: get_weather {"city":"Oslo"}\nthen\nsay: done')];
    const { message } = (
      await client().chat.completions.stream({ model: 'gpt-4o', messages, tools }).finalChatCompletion()
    ).choices[0]!;
    messages.push(message, { role: 'tool', tool_call_id: message.tool_calls![0]!.id, content: 'ok' });
    expect((await ask('', { messages, tools })).choices[0]?.message.content).toBe('done');
  });

  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
  it.each([
    [
      'a result that answers nothing',
      [user('x'), { role: 'tool', tool_call_id: 'call_1', content: 'y' }],
      /must be a response to a preceeding message/,
    ],
    [
      'a call without its result',
      [user('x'), { role: 'assistant', tool_calls: [call] }, user('y')],
      /did not have response messages: call_1/,
    ],
    [
      'an unknown role',
      [{ role: 'robot', content: 'x' }],
      /Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'./,
    ],
    [
      'a foreign field',
      [{ role: 'user', content: 'x', cache_control: {} }],
      /Unknown parameter: 'messages\[0\].cache_control'/,
    ],
    [
      'content of the wrong type',
      [{ role: 'user', content: 7 }],
      /Invalid type for 'messages\[0\].content': expected an array, but got an integer instead./,
    ],
    ['no messages', [], /empty array/],
  ])('refuses %s', async (_case, messages, expected) => {
    await expect(ask('', { messages })).rejects.toThrow(expected);
  });

  it('has a window that a prompt can exceed', async () => {
    const long = ask('word '.repeat(140_000));
    await expect(long).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  it.each([
    ['temperature while reasoning', { temperature: 0.2, reasoning_effort: 'low' }, 'unsupported_value'],
    ['stop', { stop: 'x' }, 'unsupported_parameter'],
    ['an effort it does not have', { reasoning_effort: 'minimal' }, 'unsupported_value'],
    ['a temperature beyond the range', { temperature: 3 }, 'decimal_above_max_value'],
    ['no room at all', { max_completion_tokens: 0 }, 'integer_below_min_value'],
  ])('refuses %s on a reasoning model', async (_case, extra, code) => {
    await expect(ask('x', extra, 'gpt-5.5')).rejects.toMatchObject({ status: 400, code });
  });
});
