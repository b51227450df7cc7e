import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { createChatWire } from './create-chat-wire.js';
import { OPENAI_CHAT } from './openai-chat.js';

const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Says what the weather is.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([createChatWire(OPENAI_CHAT)]);
});
afterAll(() => simulator.close());

describe.each([
  ['openai 7', OpenAI7],
  ['openai 6', OpenAI6 as unknown as typeof OpenAI7],
])('%s on the chat wire', (_name, OpenAI) => {
  const client = (apiKey = 'sim-chat') =>
    new OpenAI({ apiKey, baseURL: `${simulator.address}/openai/v1`, maxRetries: 0, logLevel: 'off' });
  const user = (content: string) => ({ role: 'user' as const, content });

  it('answers in one piece and as a stream that folds to the same', async () => {
    const request = { model: 'gpt-5.5', messages: [user('count to 12')] };
    const whole = await client().chat.completions.create(request);
    expect(whole.choices[0]?.message.content).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12');
    expect(whole.choices[0]?.finish_reason).toBe('stop');
    const folded = await client()
      .chat.completions.stream({ ...request, stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(folded.choices[0]?.message).toMatchObject({ role: 'assistant', content: whole.choices[0]?.message.content });
    expect(folded.usage).toEqual(whole.usage);
  });

  it('gives the same bytes for the same request', async () => {
    const ask = async () =>
      (
        await client()
          .chat.completions.create({ model: 'gpt-4o', messages: [user('say: steady')] })
          .asResponse()
      ).text();
    expect(await ask()).toBe(await ask());
  });

  it('reports usage in a chunk of its own, with null on the others, only when asked', async () => {
    const read = async (include: boolean) => {
      const chunks = [];
      const stream = await client().chat.completions.create({
        model: 'gpt-4o',
        messages: [user('say: hello there')],
        stream: true,
        ...(include && { stream_options: { include_usage: true } }),
      });
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    const asked = await read(true);
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(asked.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    const unasked = await read(false);
    expect(unasked.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(unasked.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('calls tools in parallel and uses their results', async () => {
    const messages: OpenAI7.ChatCompletionMessageParam[] = [
      user('call: get_weather {"city":"Oslo"}\ncall: get_weather {"city":"Rome"}'),
    ];
    const request = { model: 'gpt-5.5', messages, tools: [WEATHER] };
    const whole = await client().chat.completions.create(request);
    const folded = await client().chat.completions.stream(request).finalChatCompletion();
    const calls = whole.choices[0]?.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && call.function.arguments)).toEqual([
      '{"city":"Oslo"}',
      '{"city":"Rome"}',
    ]);
    expect(whole.choices[0]?.finish_reason).toBe('tool_calls');
    expect(folded.choices[0]?.message.tool_calls).toMatchObject(calls);
    messages.push(
      whole.choices[0]!.message,
      ...calls.map(({ id }, index) => ({ role: 'tool' as const, tool_call_id: id, content: `${index} degrees` })),
    );
    const final = await client().chat.completions.create(request);
    expect(final.choices[0]?.message.content).toContain('1 degrees');
  });

  it('remembers long prompts', async () => {
    const request = {
      model: 'gpt-5.5',
      messages: [{ role: 'system' as const, content: `${_name} ${'many words '.repeat(2000)}` }, user('say: hi')],
    };
    const cold = await client().chat.completions.create(request);
    const warm = await client().chat.completions.create(request);
    expect(cold.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(warm.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(1000);
    expect(warm.usage?.prompt_tokens).toBe(cold.usage?.prompt_tokens);
  });

  it.each([
    ['a bad key', 'gpt-5.5', {}, { status: 401, code: 'invalid_api_key' }, 'nonsense'],
    ['an unknown model', 'gpt-99', {}, { status: 404, code: 'model_not_found' }, 'sim-a'],
    [
      'max_tokens on a reasoning model',
      'gpt-5.5',
      { max_tokens: 5 },
      { status: 400, code: 'unsupported_parameter', param: 'max_tokens' },
      'sim-a',
    ],
    [
      'an unknown field',
      'gpt-4o',
      { colour: 'red' },
      { status: 400, message: expect.stringContaining('Unrecognized request argument supplied: colour') },
      'sim-a',
    ],
    [
      'a field that every object has',
      'gpt-4o',
      { constructor: 'red' },
      { status: 400, message: expect.stringContaining('Unrecognized request argument supplied: constructor') },
      'sim-a',
    ],
    ['an injected 429', 'gpt-4o+fault:status=429', {}, { status: 429 }, 'sim-a'],
    ['an injected 503', 'gpt-4o+fault:status=503', {}, { status: 503 }, 'sim-a'],
  ])('answers %s with a typed error', async (_case, model, extra, expected, key) => {
    const call = client(key).chat.completions.create({ model, messages: [user('say: hi')], ...extra });
    await expect(call).rejects.toMatchObject(expected);
  });

  it.each([
    ['without a terminator', 'no-terminator', undefined],
    ['with an error event', 'stream-error=4', /overloaded|error/i],
    ['cut', 'cut=4', /.*/],
    ['with a malformed event', 'malformed=4', /.*/],
  ])('ends a stream %s', async (_case, fault, failure) => {
    const read = async () => {
      let finish: string | null | undefined;
      const stream = await client().chat.completions.create({
        model: `gpt-4o+fault:${fault}`,
        messages: [user('count to 50')],
        stream: true,
      });
      for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
      return finish;
    };
    if (failure === undefined) expect(await read()).toBeUndefined();
    else await expect(read()).rejects.toThrow(failure);
  });
});
