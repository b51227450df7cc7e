import OpenAI7 from 'openai';
import OpenAI6 from 'openai-6';
import { openai } from '../openai/openai.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';

type Items = OpenAI7.Responses.ResponseInput;

const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'Says what the weather is.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([openai]);
});
afterAll(() => simulator.close());

describe.each([
  ['openai 7', OpenAI7],
  ['openai 6', OpenAI6 as unknown as typeof OpenAI7],
])('%s on the Responses wire', (name, OpenAI) => {
  const client = (apiKey = 'sim-responses') =>
    new OpenAI({ apiKey, baseURL: `${simulator.address}/openai/v1`, maxRetries: 0, logLevel: 'off' });

  it('answers in one piece and as a stream that folds to the same', async () => {
    const request = { model: 'gpt-5.5', input: 'count to 12' };
    const whole = await client().responses.create(request);
    expect(whole.output_text).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12');
    const folded = await client().responses.stream(request).finalResponse();
    expect(folded.output).toMatchObject(whole.output);
    expect(folded.usage).toEqual(whole.usage);
    expect(folded.id).toBe(whole.id);
  });

  it('numbers events without a gap and repeats in each `done` what its deltas said', async () => {
    const events = [];
    const stream = await client().responses.create({
      model: 'gpt-5.5',
      input: 'think: hm\nsay: some words here',
      reasoning: { effort: 'low', summary: 'auto' },
      stream: true,
    });
    for await (const event of stream) events.push(event);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[0]?.type).toBe('response.created');
    expect(events.at(-1)?.type).toBe('response.completed');
    const deltas = events
      .flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []))
      .join('');
    expect(events.find((event) => event.type === 'response.output_text.done')).toMatchObject({ text: deltas });
    const summary = events
      .flatMap((event) => (event.type === 'response.reasoning_summary_text.delta' ? [event.delta] : []))
      .join('');
    expect(summary).toBe('hm');
  });

  it('carries encrypted reasoning through a tool loop of three turns', async () => {
    const input: Items = [
      {
        role: 'user',
        content:
          'think: one\ncall: get_weather {"city":"Oslo"}\nthen\nthink: two\ncall: get_weather {"city":"Rome"}\nthen\nsay: done',
      },
    ];
    const ask = () =>
      client().responses.create({
        model: 'gpt-5.5',
        input,
        tools: [WEATHER],
        store: false,
        reasoning: { effort: 'medium' },
      });
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await ask();
      expect(answer.output.map((item) => item.type)).toEqual(['reasoning', 'function_call']);
      expect(answer.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
      input.push(...(answer.output as Items));
      const call = answer.output.find((item) => item.type === 'function_call')!;
      input.push({ type: 'function_call_output', call_id: call.call_id, output: '21 degrees' });
    }
    expect((await ask()).output_text).toBe('done');
    const forged = structuredClone(input) as unknown as Record<string, string>[];
    forged[1]!['encrypted_content'] = `${forged[1]!['encrypted_content']!.slice(0, -8)}AAAAAAAA`;
    await expect(
      client().responses.create({
        model: 'gpt-5.5',
        input: forged as unknown as Items,
        tools: [WEATHER],
        reasoning: { effort: 'medium' },
      }),
    ).rejects.toMatchObject({ status: 400, code: 'invalid_encrypted_content' });
    const bare = input.filter((item) => item.type !== 'reasoning');
    await expect(client().responses.create({ model: 'gpt-5.5', input: bare, tools: [WEATHER] })).rejects.toThrow(
      /without its required 'reasoning' item/,
    );
  });

  it('keeps state by previous_response_id and by item_reference', async () => {
    const first = await client().responses.create({
      model: 'gpt-5.5',
      input: 'call: get_weather {"city":"Oslo"}',
      tools: [WEATHER],
    });
    const call = first.output[0]!;
    if (call.type !== 'function_call') throw new Error('expected a call');
    const result = { type: 'function_call_output' as const, call_id: call.call_id, output: '3 degrees' };
    const next = await client().responses.create({
      model: 'gpt-5.5',
      input: [result],
      previous_response_id: first.id,
      tools: [WEATHER],
    });
    expect(next.output_text).toContain('3 degrees');
    const referred = await client().responses.create({
      model: 'gpt-5.5',
      tools: [WEATHER],
      input: [
        { role: 'user', content: 'call: get_weather {"city":"Oslo"}' },
        { type: 'item_reference', id: call.id! },
        result,
      ],
    });
    expect(referred.output_text).toContain('3 degrees');
    expect((await client().responses.retrieve(first.id)).output).toEqual(first.output);
    expect((await client().responses.inputItems.list(first.id)).data).toMatchObject([
      { type: 'message', role: 'user' },
    ]);
    await client().responses.delete(next.id);
    await expect(client().responses.retrieve(next.id)).rejects.toMatchObject({ status: 404 });
    await expect(
      client().responses.create({ model: 'gpt-5.5', input: 'x', previous_response_id: 'resp_none' }),
    ).rejects.toMatchObject({ code: 'previous_response_not_found' });
  });

  it('calls free-form and namespaced tools, also from additional_tools', async () => {
    const tools = [
      {
        type: 'namespace' as const,
        name: 'functions',
        description: 'd',
        tools: [{ type: 'custom' as const, name: 'exec' }],
      },
    ];
    const input = [
      { type: 'additional_tools', role: 'developer', tools },
      { role: 'user', content: 'call: exec {"input":"print(1)"}\ncall: exec {"input":"print(2)"}' },
    ] as Items;
    const folded = await client().responses.stream({ model: 'gpt-6', input }).finalResponse();
    expect(folded.output).toMatchObject([
      { type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'print(1)' },
      { type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'print(2)' },
    ]);
  });

  it('searches the web and cites by character', async () => {
    const folded = await client()
      .responses.stream({ model: 'gpt-5.5', input: 'search: fjords', tools: [{ type: 'web_search' }] })
      .finalResponse();
    expect(folded.output.map((item) => item.type)).toEqual(['web_search_call', 'message']);
    const message = folded.output[1]!;
    const part = message.type === 'message' ? message.content[0]! : undefined;
    if (part?.type !== 'output_text') throw new Error('expected text');
    const citation = part.annotations[0]!;
    expect(
      citation.type === 'url_citation' && [...part.text].slice(citation.start_index, citation.end_index).join(''),
    ).toBe(part.text.replace('I searched for fjords. ', ''));
  });

  it('remembers long prompts', async () => {
    const request = { model: 'gpt-5.6', input: `${name} ${'many words '.repeat(2000)}`, store: false };
    const cold = await client().responses.create(request);
    const warm = await client().responses.create(request);
    expect(cold.usage?.input_tokens_details).toMatchObject({
      cached_tokens: 0,
      cache_write_tokens: expect.any(Number),
    });
    expect(warm.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(1000);
    expect(warm.usage?.input_tokens_details.cache_write_tokens).toBe(0);
  });

  it('stops at the limit and says so in the terminal event', async () => {
    const folded = await client()
      .responses.stream({ model: 'gpt-5.5', input: 'count to 100', max_output_tokens: 16 })
      .finalResponse();
    expect(folded).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(folded.usage?.output_tokens).toBe(16);
  });

  it('makes what a schema asks for, and refuses in a part of its own', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const shaped = await client().responses.create({
      model: 'gpt-5.5',
      input: 'anything',
      text: { format: { type: 'json_schema', name: 'place', schema, strict: true } },
    });
    expect(JSON.parse(shaped.output_text)).toEqual({ city: expect.any(String) });
    const refused = await client().responses.stream({ model: 'gpt-5.5', input: 'refuse' }).finalResponse();
    expect(refused.output).toMatchObject([
      { type: 'message', content: [{ type: 'refusal', refusal: expect.any(String) }] },
    ]);
  });

  it.each([
    ['a bad key', { model: 'gpt-5.5', input: 'x' }, { status: 401, code: 'invalid_api_key' }, 'nonsense'],
    ['an unknown model', { model: 'gpt-99', input: 'x' }, { status: 404, code: 'model_not_found' }, 'sim-a'],
    [
      'a field of the chat wire',
      { model: 'gpt-5.5', input: 'x', max_tokens: 5 },
      { status: 400, code: 'unsupported_parameter' },
      'sim-a',
    ],
    [
      'an unknown field',
      { model: 'gpt-5.5', input: 'x', stop: ['a'] },
      { status: 400, code: 'unknown_parameter', param: 'stop' },
      'sim-a',
    ],
    [
      'a result without its call',
      { model: 'gpt-5.5', input: [{ type: 'function_call_output', call_id: 'call_x', output: '' }] },
      { status: 400, param: 'input' },
      'sim-a',
    ],
    [
      'a reasoning item that leads nowhere',
      { model: 'gpt-5.5', input: [{ type: 'reasoning', id: 'rs_x', summary: [] }] },
      { status: 404 },
      'sim-a',
    ],
    ['an injected 500', { model: 'gpt-5.5+fault:status=500', input: 'x' }, { status: 500 }, 'sim-a'],
  ])('answers %s with a typed error', async (_case, request, expected, key) => {
    await expect(client(key).responses.create(request as never)).rejects.toMatchObject(expected);
  });

  it('fails a stream with `error` and then `response.failed`, counting on', async () => {
    const response = await client()
      .responses.create({ model: 'gpt-5.5+fault:stream-error=6', input: 'count to 30', stream: true })
      .asResponse();
    const events = (await response.text())
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)));
    expect(events.slice(-2)).toMatchObject([
      { type: 'error', sequence_number: 6, code: 'server_error', error: { type: 'server_error' } },
      {
        type: 'response.failed',
        sequence_number: 7,
        response: { id: events[0].response.id, status: 'failed', error: { code: 'server_error' } },
      },
    ]);
  });

  it.each([['no-terminator'], ['cut=5'], ['malformed=5']])('does not look complete under %s', async (fault) => {
    const read = async () => {
      const stream = await client().responses.create({
        model: `gpt-5.5+fault:${fault}`,
        input: 'count to 50',
        stream: true,
      });
      const types = [];
      for await (const event of stream) types.push(event.type);
      return types;
    };
    const types = await read().catch(() => []);
    expect(types).not.toContain('response.completed');
  });
});
