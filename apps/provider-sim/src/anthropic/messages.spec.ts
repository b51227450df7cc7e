import { Anthropic as NewAnthropic } from '@anthropic-ai/sdk';
import { Anthropic as OldAnthropic } from 'anthropic-sdk-0';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { anthropic } from './anthropic.js';

const MODEL = 'claude-sonnet-4-6';
const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a city',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
};
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([anthropic]);
});
afterAll(() => simulator.close());

const newClient = (apiKey = 'sim-anthropic-key') =>
  new NewAnthropic({ apiKey, baseURL: `${simulator.address}/anthropic`, maxRetries: 0 });
const oldClient = (apiKey = 'sim-anthropic-key') =>
  new OldAnthropic({ apiKey, baseURL: `${simulator.address}/anthropic`, maxRetries: 0 });

/** A message without what the SDK adds for its callers' comfort. */
const asSent = (message: unknown): unknown =>
  JSON.parse(JSON.stringify(message, (key, value) => (key === 'parsed_output' ? undefined : value)));

type Body = NewAnthropic.MessageCreateParamsNonStreaming;
const ask = (content: Body['messages'][number]['content'], more: Partial<Body> = {}): Body => ({
  model: MODEL,
  max_tokens: 2_000,
  messages: [{ role: 'user', content }],
  ...more,
});

describe.each([
  { name: '@anthropic-ai/sdk 1.x (2026-10-21)', client: newClient },
  { name: '@anthropic-ai/sdk 0.x (2023-06-01)', client: oldClient as unknown as typeof newClient },
])('$name', ({ client }) => {
  const cases: readonly { name: string; body: () => Body; finish: string }[] = [
    { name: 'text', body: () => ask('say: hello there'), finish: 'end_turn' },
    { name: 'emoji', body: () => ask('say: 👩‍👩‍👧 日本語 naïve'), finish: 'end_turn' },
    { name: 'the token limit', body: () => ask('words 500', { max_tokens: 7 }), finish: 'max_tokens' },
    { name: 'a refusal', body: () => ask('refuse bio'), finish: 'refusal' },
    { name: 'nothing', body: () => ask('empty'), finish: 'end_turn' },
    { name: 'a stop sequence', body: () => ask('count to 9', { stop_sequences: ['5'] }), finish: 'stop_sequence' },
    {
      name: 'parallel tool calls',
      body: () => ask('call get_weather {"city":"Paris"}\ncall get_weather {"city":"Rome"}', { tools: [WEATHER] }),
      finish: 'tool_use',
    },
    {
      name: 'thinking before a tool call',
      body: () =>
        ask('think: about Paris\ncall get_weather {"city":"Paris"}', {
          tools: [WEATHER],
          thinking: { type: 'adaptive' },
        }),
      finish: 'tool_use',
    },
    {
      name: 'redacted thinking',
      body: () => ask('think redacted: secret\nsay: done', { thinking: { type: 'enabled', budget_tokens: 1024 } }),
      finish: 'end_turn',
    },
    {
      name: 'web search',
      body: () => ask('search: tides', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
      finish: 'end_turn',
    },
    {
      name: 'structured output',
      body: () =>
        ask('who?', {
          output_config: {
            format: {
              type: 'json_schema',
              schema: {
                type: 'object',
                properties: { name: { type: 'string' } },
                required: ['name'],
                additionalProperties: false,
              },
            },
          },
        }),
      finish: 'end_turn',
    },
    {
      name: 'an image',
      body: () =>
        ask([
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'text', text: 'see' },
        ]),
      finish: 'end_turn',
    },
  ];

  it.each(cases)('gives the same message streamed and whole: $name', async ({ body, finish }) => {
    const whole = await client().messages.create(body());
    const streamed = await client().messages.stream(body()).finalMessage();
    expect(asSent(streamed)).toEqual(asSent(whole));
    expect(whole.stop_reason).toBe(finish);
  });

  it('answers with a text that quotes the tool results', async () => {
    const first = await client().messages.create(ask('call get_weather {"city":"Paris"}', { tools: [WEATHER] }));
    const call = first.content[0] as NewAnthropic.ToolUseBlock;
    expect(call).toMatchObject({ type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } });
    const second = await client().messages.create({
      model: MODEL,
      max_tokens: 200,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: 'call get_weather {"city":"Paris"}' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '21 degrees' }] },
      ],
    });
    expect(second.content).toEqual([{ type: 'text', text: 'A tool answered: 21 degrees' }]);
  });

  it('takes a search back, with what it found and cited', async () => {
    const tools: Body['tools'] = [{ type: 'web_search_20250305', name: 'web_search' }];
    const first = await client().messages.create(ask('search: tides', { tools }));
    expect(first.content.map((block) => block.type)).toEqual([
      'server_tool_use',
      'web_search_tool_result',
      'text',
      'text',
    ]);
    expect(first.usage.server_tool_use).toMatchObject({ web_search_requests: 1 });
    const second = await client().messages.create({
      ...ask(''),
      tools,
      messages: [
        { role: 'user', content: 'search: tides' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: 'say: thanks' },
      ],
    });
    expect(second.content).toEqual([{ type: 'text', text: 'thanks' }]);
  });

  it('reads from the cache what the first call wrote', async () => {
    const system: NewAnthropic.TextBlockParam[] = [
      {
        type: 'text',
        text: `manual for ${client === newClient ? 'new' : 'old'} ${'word '.repeat(200)}`,
        cache_control: { type: 'ephemeral' },
      },
    ];
    const first = await client().messages.create(ask('say: one', { system }));
    const second = await client().messages.create(ask('say: two', { system }));
    expect(first.usage).toMatchObject({ cache_read_input_tokens: 0, cache_creation: { ephemeral_1h_input_tokens: 0 } });
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(100);
    expect(second.usage).toMatchObject({
      cache_read_input_tokens: first.usage.cache_creation_input_tokens,
      cache_creation_input_tokens: 0,
      input_tokens: first.usage.input_tokens,
    });
  });

  it('refuses a key that is not for a simulator', async () => {
    await expect(client('sk-ant-real').messages.create(ask('hi'))).rejects.toMatchObject({
      status: 401,
      error: { type: 'error', error: { type: 'authentication_error' } },
    });
  });
});

describe('versions', () => {
  it.each(['temperature', 'top_p', 'top_k'])('knows no %s in the newer one', async (knob) => {
    const body = { ...ask('hi'), [knob]: 1 };
    await expect(newClient().messages.create(body)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`${knob}: Extra inputs are not permitted`),
    });
    const answered = await oldClient().messages.create(body);
    expect(answered.stop_reason).toBe('end_turn');
  });

  it('raises the SDKs typed errors', async () => {
    await expect(newClient('wrong').messages.create(ask('hi'))).rejects.toBeInstanceOf(
      NewAnthropic.AuthenticationError,
    );
    await expect(newClient().messages.create(ask('hi', { model: 'gpt-9' }))).rejects.toBeInstanceOf(
      NewAnthropic.NotFoundError,
    );
    await expect(newClient().messages.create(ask('', {}))).rejects.toBeInstanceOf(NewAnthropic.BadRequestError);
    await expect(newClient().messages.create(ask('[[fault: status=429 retry-after=1]]'))).rejects.toBeInstanceOf(
      NewAnthropic.RateLimitError,
    );
    await expect(oldClient().messages.create(ask('[[fault: status=529]]') as never)).rejects.toBeInstanceOf(
      OldAnthropic.InternalServerError,
    );
  });
});
