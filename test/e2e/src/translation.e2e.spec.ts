import Anthropic from '@anthropic-ai/sdk';

import { gateway, platform, postJson } from './platform.js';
import { OWNERS } from './wire-models.js';

const client = new Anthropic({ baseURL: gateway, apiKey: platform.keys.default, maxRetries: 0 });
const extended = new Anthropic({ baseURL: gateway, apiKey: platform.keys.extended, maxRetries: 0 });
const TOOLS = [
  {
    name: 'get_weather',
    description: 'Weather of a city',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const models = [
  { model: 'gpt-5-4', who: client },
  { model: 'doubao-seed-2.0-pro', who: extended },
  { model: 'deepseek-v3-2', who: extended },
];

const textOf = (message: Anthropic.Message): string =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

describe.each(models)('a Messages client on $model, which speaks Chat', ({ model, who }) => {
  it('holds a conversation, streaming and not', async () => {
    const body = { model, max_tokens: 1024, messages: [{ role: 'user' as const, content: 'count to 30' }] };
    const whole = await who.messages.create(body);
    const folded = await who.messages.stream(body).finalMessage();
    expect(textOf(whole)).toContain('30');
    expect(textOf(folded)).toBe(textOf(whole));
    expect(whole).toMatchObject({ type: 'message', model, stop_reason: 'end_turn' });
    expect(folded.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it('carries parallel tool calls there and back', async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'call get_weather {"city":"Oslo"}\ncall get_weather {"city":"Lima"}' },
    ];
    const asked = await who.messages.stream({ model, max_tokens: 512, tools: TOOLS, messages }).finalMessage();
    expect(asked.stop_reason).toBe('tool_use');
    const calls = asked.content.filter((block) => block.type === 'tool_use');
    expect(calls.map(({ input }) => input)).toEqual([{ city: 'Oslo' }, { city: 'Lima' }]);
    messages.push({ role: 'assistant', content: asked.content });
    messages.push({
      role: 'user',
      content: calls.map(({ id }, index) => ({ type: 'tool_result', tool_use_id: id, content: `${index} degrees` })),
    });
    const answered = await who.messages.create({ model, max_tokens: 512, tools: TOOLS, messages });
    expect(textOf(answered)).toContain('1 degrees');
  });

  it('ends a broken vendor stream in its own error form', async () => {
    const stream = who.messages.stream({
      model,
      max_tokens: 1024,
      messages: [{ role: 'user', content: '[[fault: cut=8]]\ncount to 100' }],
    });
    await expect(stream.finalMessage()).rejects.toThrow();
  });
});

describe('a Messages client on a thinking Chat vendor', () => {
  it('gets the reasoning as thinking and may replay it with its tool results', async () => {
    const body = {
      model: 'doubao-seed-2.0-pro',
      max_tokens: 4096,
      thinking: { type: 'enabled' as const, budget_tokens: 1024 },
      tools: TOOLS,
    };
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'think: hard\ncall get_weather {"city":"Oslo"}' },
    ];
    const asked = await extended.messages.stream({ ...body, messages }).finalMessage();
    expect(asked.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use']);
    messages.push({ role: 'assistant', content: asked.content });
    const call = asked.content.find((block) => block.type === 'tool_use')!;
    messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sun' }] });
    expect(textOf(await extended.messages.create({ ...body, messages }))).toContain('sun');
  });
});

describe('a conversation of instructions alone', () => {
  it.each([OWNERS['anthropic-messages'].id, OWNERS['gemini-generate'].id])(
    'is put to %s as what the user says',
    async (model) => {
      const body = { model, messages: [{ role: 'system', content: 'Say hello.' }] };
      const answer = await postJson('/v1/chat/completions', body, {
        authorization: `Bearer ${platform.keys.extended}`,
      });
      expect([answer.status, answer.headers.get('x-gateway-warnings')]).toEqual([
        200,
        expect.stringMatching(/\bL03\b/),
      ]);
    },
  );
});
