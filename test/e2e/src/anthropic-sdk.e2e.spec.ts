import Anthropic from '@anthropic-ai/sdk';
import AnthropicBefore from 'anthropic-sdk-0';

import { gateway, platform } from './platform.js';

const MODEL = 'claude-sonnet-4-6';
const TOOLS = [
  {
    name: 'get_weather',
    description: 'Weather of a city',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

const options = { baseURL: gateway, apiKey: platform.keys.default, maxRetries: 0 };
const clients = [
  { name: '1.x (Bearer, 2026-10-21)', client: new Anthropic(options) },
  // The two majors have different classes of the same shape; what is used of them here is the same.
  { name: '0.x (x-api-key, 2023-06-01)', client: new AnthropicBefore(options) as unknown as Anthropic },
];

const textOf = (message: Anthropic.Message): string =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

describe.each(clients)('the Anthropic SDK $name', ({ client }) => {
  it('holds a conversation', async () => {
    const message = await client.messages.create({
      model: MODEL,
      max_tokens: 256,
      messages: [{ role: 'user', content: 'say: Good morning' }],
    });
    expect(textOf(message)).toBe('Good morning');
    expect(message).toMatchObject({ type: 'message', stop_reason: 'end_turn', model: MODEL });
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  it('streams the same answer', async () => {
    const body = { model: MODEL, max_tokens: 1024, messages: [{ role: 'user' as const, content: 'count to 40' }] };
    const whole = await client.messages.create(body);
    const pieces: string[] = [];
    const stream = client.messages.stream(body).on('text', (text) => pieces.push(text));
    const folded = await stream.finalMessage();
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(textOf(whole));
    expect(folded.content).toEqual(whole.content);
    expect(folded.stop_reason).toBe(whole.stop_reason);
  });

  it('carries parallel tool calls there and back', async () => {
    const prompt = 'call get_weather {"city":"Oslo"}\ncall get_weather {"city":"Lima"}';
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: prompt }];
    const body = { model: MODEL, max_tokens: 512, tools: TOOLS };
    const asked = await client.messages.stream({ ...body, messages }).finalMessage();
    expect(asked.stop_reason).toBe('tool_use');
    const calls = asked.content.filter((block) => block.type === 'tool_use');
    expect(calls.map(({ input }) => input)).toEqual([{ city: 'Oslo' }, { city: 'Lima' }]);
    messages.push({ role: 'assistant', content: asked.content });
    messages.push({
      role: 'user',
      content: calls.map(({ id }, index) => ({ type: 'tool_result', tool_use_id: id, content: `${index} degrees` })),
    });
    const answered = await client.messages.create({ ...body, messages });
    expect(textOf(answered)).toContain('0 degrees');
    expect(textOf(answered)).toContain('1 degrees');
  });

  it.each([MODEL, 'gpt-5-4'])('runs the tools of a whole loop by itself on %s', async (model) => {
    const cities: string[] = [];
    const extended = client.withOptions({ apiKey: platform.keys.extended });
    const runner = extended.beta.messages.toolRunner({
      model,
      max_tokens: 512,
      messages: [
        {
          role: 'user',
          content: 'call get_weather {"city":"Oslo"}\nthen\ncall get_weather {"city":"Lima"}\nthen\nsay: done',
        },
      ],
      tools: TOOLS.map((tool) => ({
        ...tool,
        type: 'custom' as const,
        run: (input: unknown) => {
          cities.push((input as { city: string }).city);
          return 'sun';
        },
        parse: (input: unknown) => input,
      })),
    });
    const last = await runner.runUntilDone();
    expect(cities).toEqual(['Oslo', 'Lima']);
    expect(last.content).toMatchObject([{ type: 'text', text: 'done' }]);
  });

  it('replays thinking, which the vendor checks, over three turns', async () => {
    const messages: Anthropic.MessageParam[] = [];
    for (const city of ['Oslo', 'Lima', 'Rome']) {
      const body = {
        model: MODEL,
        max_tokens: 4096,
        thinking: { type: 'enabled' as const, budget_tokens: 1024 },
        tools: TOOLS,
      };
      messages.push({ role: 'user', content: `call get_weather {"city":"${city}"}` });
      const asked = await client.messages.stream({ ...body, messages }).finalMessage();
      const thinking = asked.content.find((block) => block.type === 'thinking');
      expect(thinking?.signature).toBeTruthy();
      const call = asked.content.find((block) => block.type === 'tool_use');
      messages.push({ role: 'assistant', content: asked.content });
      messages.push({
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: call!.id, content: `${city}: sun` }],
      });
      const answered = await client.messages.create({ ...body, messages });
      expect(textOf(answered)).toContain(`${city}: sun`);
      messages.push({ role: 'assistant', content: answered.content });
    }
  });

  it('sees the prompt cache at work on the second call', async () => {
    const system = [
      {
        type: 'text' as const,
        text: `A long preamble. ${'Facts. '.repeat(2000)}`,
        cache_control: { type: 'ephemeral' as const },
      },
    ];
    const nonce = `say: ${Math.random()}`;
    const body = { model: MODEL, max_tokens: 64, system: [{ ...system[0]!, text: system[0]!.text + nonce }] };
    const ask = () => client.messages.create({ ...body, messages: [{ role: 'user', content: nonce }] });
    const [first, second] = [await ask(), await ask()];
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
  });

  it('counts tokens', async () => {
    const counted = await client.messages.countTokens({
      model: MODEL,
      messages: [{ role: 'user', content: 'Hello there' }],
    });
    expect(counted.input_tokens).toBeGreaterThan(0);
  });

  it('lists models in its own shape', async () => {
    const page = await client.models.list({ limit: 1000 });
    expect(page.data.map(({ id }) => id)).toContain(MODEL);
    expect(page.data[0]).toMatchObject({ type: 'model', display_name: expect.any(String) });
  });

  it.each([
    { name: 'a bad key', apiKey: 'sk-byts-wrong', model: MODEL, status: 401, type: 'authentication_error' },
    { name: 'an unknown model', model: 'claude-nothing-1', status: 404, type: 'not_found_error' },
  ])('throws its own typed error on $name', async ({ apiKey, model, status, type }) => {
    const asking = client
      .withOptions({ ...(apiKey && { apiKey }) })
      .messages.create({ model, max_tokens: 16, messages: [{ role: 'user', content: 'Hi' }] });
    await expect(asking).rejects.toMatchObject({ status, error: { type: 'error', error: { type } } });
  });

  it('is told by the vendor itself what was wrong with a request', async () => {
    const asking = client.messages.create({ model: MODEL, max_tokens: 16, messages: [{ role: 'user', content: '' }] });
    await expect(asking).rejects.toMatchObject({ status: 400, error: { error: { type: 'invalid_request_error' } } });
  });
});
