import OpenAI from 'openai';
import OpenAIBefore from 'openai-6';

import { gateway, platform } from './platform.js';

const MODEL = 'gpt-5-4';
const WEATHER = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const CHAT_TOOLS: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'get_weather', description: 'Weather of a city', parameters: WEATHER } },
];

const options = { baseURL: `${gateway}/v1`, apiKey: platform.keys.default, maxRetries: 0 };
const clients = [
  { name: '7.x', client: new OpenAI(options) },
  // The two majors have different classes of the same shape; what is used of them here is the same.
  { name: '6.x', client: new OpenAIBefore(options) as unknown as OpenAI },
];

describe.each(clients)('the OpenAI SDK $name on Chat Completions', ({ client }) => {
  it('holds a conversation', async () => {
    const completion = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'say: Good morning' }],
    });
    expect(completion.choices[0]?.message.content).toBe('Good morning');
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    expect(completion.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('streams the same answer, without the usage chunk it did not ask for', async () => {
    const body = { model: MODEL, messages: [{ role: 'user' as const, content: 'count to 40' }] };
    const whole = await client.chat.completions.create(body);
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]?.message.content,
    );
    expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('gets the usage chunk it asked for', async () => {
    const stream = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'count to 5' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) usage = chunk.usage ?? usage;
    expect(usage?.total_tokens).toBeGreaterThan(0);
  });

  it('carries parallel tool calls there and back', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'call get_weather {"city":"Oslo"}\ncall get_weather {"city":"Lima"}' },
    ];
    const asked = await client.chat.completions
      .stream({ model: MODEL, messages, tools: CHAT_TOOLS })
      .finalChatCompletion();
    const message = asked.choices[0]!.message;
    expect(asked.choices[0]!.finish_reason).toBe('tool_calls');
    const calls = message.tool_calls ?? [];
    expect(calls.map((call) => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
      { city: 'Oslo' },
      { city: 'Lima' },
    ]);
    messages.push(
      message,
      ...calls.map(({ id }, index) => ({ role: 'tool' as const, tool_call_id: id, content: `${index} degrees` })),
    );
    const answered = await client.chat.completions.create({ model: MODEL, messages, tools: CHAT_TOOLS });
    expect(answered.choices[0]?.message.content).toContain('0 degrees');
    expect(answered.choices[0]?.message.content).toContain('1 degrees');
  });

  it('sees automatic caching at work on the second call', async () => {
    const content = `${Math.random()} ${'Facts. '.repeat(3000)}\nsay: ok`;
    const ask = () => client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
    await ask();
    expect((await ask()).usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
  });

  it('lists models in its own shape', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toContain(MODEL);
    expect(data[0]).toMatchObject({ object: 'model', owned_by: expect.any(String) });
  });

  it.each([
    { name: 'a bad key', apiKey: 'sk-byts-wrong', model: MODEL, status: 401, code: 'invalid_api_key' },
    { name: 'an unknown model', model: 'gpt-nothing', status: 404, code: 'model_not_found' },
  ])('throws its own typed error on $name', async ({ apiKey, model, status, code }) => {
    const asking = client
      .withOptions({ ...(apiKey && { apiKey }) })
      .chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
    await expect(asking).rejects.toMatchObject({ status, code });
  });
});

describe.each(clients)('the OpenAI SDK $name on Responses', ({ client }) => {
  const tools: OpenAI.Responses.Tool[] = [
    { type: 'function', name: 'get_weather', description: 'Weather of a city', parameters: WEATHER, strict: true },
  ];

  it('holds a conversation', async () => {
    const response = await client.responses.create({ model: MODEL, input: 'say: Good morning' });
    expect(response.output_text).toBe('Good morning');
    expect(response.status).toBe('completed');
  });

  it('streams the same answer', async () => {
    const whole = await client.responses.create({ model: MODEL, input: 'count to 40' });
    const folded = await client.responses.stream({ model: MODEL, input: 'count to 40' }).finalResponse();
    expect(folded.output_text).toBe(whole.output_text);
    expect(folded.usage?.output_tokens).toBe(whole.usage?.output_tokens);
  });

  it('replays reasoning, which the vendor checks, over three turns of tools', async () => {
    const input: OpenAI.Responses.ResponseInput = [];
    for (const city of ['Oslo', 'Lima', 'Rome']) {
      const body = {
        model: MODEL,
        store: false,
        include: ['reasoning.encrypted_content' as const],
        reasoning: { effort: 'medium' as const },
        tools,
      };
      input.push({ role: 'user', content: `call get_weather {"city":"${city}"}` });
      const asked = await client.responses.create({ ...body, input });
      const call = asked.output.find((item) => item.type === 'function_call');
      expect(asked.output.find((item) => item.type === 'reasoning')?.encrypted_content).toBeTruthy();
      input.push(...(asked.output as OpenAI.Responses.ResponseInput));
      input.push({ type: 'function_call_output', call_id: call!.call_id, output: `${city}: sun` });
      const answered = await client.responses.create({ ...body, input });
      expect(answered.output_text).toContain(`${city}: sun`);
      input.push(...(answered.output as OpenAI.Responses.ResponseInput));
    }
  });

  it('throws its own typed error', async () => {
    const asking = client.responses.create({ model: 'gpt-nothing', input: 'Hi' });
    await expect(asking).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
