import { Anthropic } from '@anthropic-ai/sdk';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { arkAnthropic } from './ark.js';
import { deepseekAnthropic } from './deepseek.js';
import { minimaxAnthropic } from './minimax.js';
import { moonshotAnthropic } from './moonshot.js';
import { zhipuAnthropic } from './zhipu.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([
    deepseekAnthropic,
    minimaxAnthropic,
    moonshotAnthropic,
    zhipuAnthropic,
    arkAnthropic,
  ]);
});
afterAll(() => simulator.close());

const MODELS = {
  deepseek: 'deepseek-v4-pro',
  moonshot: 'kimi-k2.6',
  minimax: 'MiniMax-M3',
  zhipu: 'glm-5.1',
  ark: 'ep-20260101-abcde',
} as const;
type Vendor = keyof typeof MODELS;
const VENDORS = Object.keys(MODELS) as Vendor[];

/** Where each vendor's wire stands below its own address. */
const MOUNTS = {
  deepseek: '/anthropic',
  moonshot: '/anthropic',
  minimax: '/anthropic',
  zhipu: '/api/anthropic',
  ark: '/api/coding',
} as const satisfies Record<Vendor, string>;
const addressOf = (vendor: Vendor): string => `${simulator.address}/${vendor}${MOUNTS[vendor]}`;

const clientOf = (vendor: Vendor, apiKey = 'sim-key') =>
  new Anthropic({ apiKey, baseURL: addressOf(vendor), maxRetries: 0 });

type Body = Anthropic.MessageCreateParamsNonStreaming;
const ask = (vendor: Vendor, content: string, more: Partial<Body> = {}) =>
  clientOf(vendor).messages.create({
    model: MODELS[vendor],
    max_tokens: 500,
    messages: [{ role: 'user', content }],
    ...more,
  });

const post = async (
  vendor: Vendor,
  body: unknown,
  headers: Record<string, string> = { authorization: 'Bearer sim-key' },
) => {
  const response = await fetch(`${addressOf(vendor)}/v1/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};

const TOOL = { name: 'look', input_schema: { type: 'object' as const } };
const asSent = (message: unknown): unknown =>
  JSON.parse(JSON.stringify(message, (key, value) => (key === 'parsed_output' ? undefined : value)));

describe.each(VENDORS)('%s', (vendor) => {
  const body: Body = {
    model: MODELS[vendor],
    max_tokens: 500,
    tools: [TOOL],
    messages: [{ role: 'user', content: 'think: hm\ncall look {"a":1}\ncall look {"a":2}' }],
  };

  it('thinks and calls tools, streamed or whole alike', async () => {
    const whole = await clientOf(vendor).messages.create(body);
    const streamed = await clientOf(vendor).messages.stream(body).finalMessage();
    expect(whole.content.map((block) => block.type)).toEqual(['thinking', 'tool_use', 'tool_use']);
    // How often the prompt was seen before is the only difference between the two.
    const { usage: _whole, ...one } = asSent(whole) as Anthropic.Message;
    const { usage: _streamed, ...other } = asSent(streamed) as Anthropic.Message;
    expect(other).toEqual(one);
  });

  it('asks for no version and no limit, and reads no marks', async () => {
    const { status } = await post(vendor, {
      model: MODELS[vendor],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'nonsense' } }] }],
      temperature: 0.3,
      top_k: 5,
    });
    expect(status).toBe(200);
  });

  it('caches by itself', async () => {
    const content = `${vendor} ${'word '.repeat(400)}`;
    const first = await ask(vendor, content);
    const second = await ask(vendor, content);
    expect([first.usage.cache_read_input_tokens, first.usage.cache_creation_input_tokens]).toEqual([0, 0]);
    expect(second.usage.cache_read_input_tokens).toBeGreaterThan(300);
    expect(second.usage.input_tokens + (second.usage.cache_read_input_tokens ?? 0)).toBe(first.usage.input_tokens);
  });

  it('lists no models', async () => {
    const response = await fetch(`${addressOf(vendor)}/v1/models`, {
      headers: { authorization: 'Bearer sim-key' },
    });
    expect(response.status).toBe(404);
  });

  it('takes back its own thinking', async () => {
    const first = await clientOf(vendor).messages.create(body);
    const results = first.content.flatMap((block): Anthropic.ToolResultBlockParam[] =>
      block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'seen' }] : [],
    );
    const second = await clientOf(vendor).messages.create({
      ...body,
      messages: [...body.messages, { role: 'assistant', content: first.content }, { role: 'user', content: results }],
    });
    expect(second.content.at(-1)).toEqual({ type: 'text', text: 'A tool answered: seen\nA tool answered: seen' });
  });
});

describe('DeepSeek', () => {
  it.each([
    { asked: 'claude-opus-4-8', served: 'deepseek-v4-pro' },
    { asked: 'claude-haiku-4-5', served: 'deepseek-v4-flash' },
  ])('serves $asked by $served and says so only in the answer', async ({ asked, served }) => {
    expect((await ask('deepseek', 'hi', { model: asked })).model).toBe(served);
  });

  it('has errors in OpenAIs shape', async () => {
    expect(await post('deepseek', { model: 'gpt-9', messages: [{ role: 'user', content: 'x' }] })).toEqual({
      status: 400,
      body: {
        error: {
          message: 'Model Not Exist',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
    });
    expect(await post('deepseek', {}, { 'x-api-key': 'real-1234' })).toEqual({
      status: 401,
      body: {
        error: {
          message: 'Authentication Fails, Your api key: ****1234 is invalid',
          type: 'authentication_error',
          param: null,
          code: 'invalid_request_error',
        },
      },
    });
  });

  it('ignores a schema and the parallel switch, and sees no images', async () => {
    const format = { type: 'json_schema' as const, schema: { type: 'object', properties: {} } };
    const ignored = await ask('deepseek', 'say: free text', { output_config: { format } });
    expect(ignored.content.at(-1)).toEqual({ type: 'text', text: 'free text' });
    const choice = { type: 'auto' as const, disable_parallel_tool_use: true };
    const both = await ask('deepseek', 'call look {}\ncall look {}', { tools: [TOOL], tool_choice: choice });
    expect(both.content.filter((block) => block.type === 'tool_use')).toHaveLength(2);
    const blind = await post('deepseek', {
      model: MODELS.deepseek,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'text', text: 'recall' },
          ],
        },
      ],
    });
    expect(JSON.stringify(blind.body)).toContain('[Unsupported Image]');
  });

  it('wants the thinking of a turn with calls back', async () => {
    const messages = [
      { role: 'user', content: 'call look {}' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_00_a', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_00_a', content: 'x' }] },
    ];
    const request = { model: MODELS.deepseek, tools: [TOOL], messages };
    expect(await post('deepseek', request)).toMatchObject({
      status: 400,
      body: { error: { message: 'The `content[].thinking` in the thinking mode must be passed back to the API.' } },
    });
    expect((await post('deepseek', { ...request, thinking: { type: 'disabled' } })).status).toBe(200);
  });

  it('forces no tool while it thinks', async () => {
    const request = { tools: [TOOL], tool_choice: { type: 'any' as const } };
    await expect(ask('deepseek', 'hi', request)).rejects.toMatchObject({ status: 400 });
    const calm = await ask('deepseek', 'hi', { ...request, thinking: { type: 'disabled' } });
    expect(calm.stop_reason).toBe('tool_use');
  });
});

describe('Moonshot', () => {
  it('signs nothing, repeats its call ids and counts thinking apart', async () => {
    const answered = await ask('moonshot', 'think: hm\ncall look {}', { tools: [TOOL] });
    expect(answered.content).toMatchObject([
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'tool_use', id: 'look_0' },
    ]);
    expect(answered.usage).toMatchObject({ thinking_tokens: 1 });
  });

  it('keeps to a schema', async () => {
    const format = { type: 'json_schema' as const, schema: { type: 'object', properties: { a: { const: 1 } } } };
    const answered = await ask('moonshot', 'hi', { output_config: { format } });
    expect(answered.content.at(-1)).toEqual({ type: 'text', text: '{"a":1}' });
  });

  it('takes a bearer only, and forces no named tool while it thinks', async () => {
    expect((await post('moonshot', {}, { 'x-api-key': 'sim-key' })).status).toBe(401);
    await expect(
      ask('moonshot', 'hi', { tools: [TOOL], tool_choice: { type: 'tool', name: 'look' } }),
    ).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('says 429 for an empty purse', async () => {
    expect(
      await post('moonshot', {
        model: 'kimi-k2.6',
        messages: [{ role: 'user', content: '[[fault: status=429 type=exceeded_current_quota_error]]' }],
      }),
    ).toMatchObject({
      status: 429,
      body: { type: 'error', error: { type: 'exceeded_current_quota_error' } },
    });
  });
});

describe('MiniMax', () => {
  it('thinks in its second generation even when told not to', async () => {
    const thinking = { type: 'disabled' as const };
    const older = await ask('minimax', 'hi', { model: 'MiniMax-M2.7', thinking });
    const newer = await ask('minimax', 'hi', { thinking });
    expect([older.content[0]?.type, newer.content[0]?.type]).toEqual(['thinking', 'text']);
  });

  it('ignores stop sequences', async () => {
    const answered = await ask('minimax', 'say: one two', { stop_sequences: ['two'] });
    expect(answered.content.at(-1)).toEqual({ type: 'text', text: 'one two' });
  });

  it('puts its own codes into its errors', async () => {
    expect(await post('minimax', { model: 'MiniMax-M1', messages: [{ role: 'user', content: 'x' }] })).toMatchObject({
      status: 400,
      body: {
        type: 'error',
        error: { type: 'bad_request_error', http_code: '400', message: expect.stringContaining('(2013)') },
      },
    });
  });
});

describe('GLM and Doubao', () => {
  it.each(['zhipu', 'ark'] as const)('%s ignores a schema', async (vendor) => {
    const format = { type: 'json_schema' as const, schema: { type: 'object', properties: {} } };
    const answer = await ask(vendor, 'say: free text', { output_config: { format } });
    expect(answer.content.at(-1)).toEqual({ type: 'text', text: 'free text' });
  });

  it('GLM ignores a forced tool, and says in numbers what is wrong', async () => {
    const choice = { type: 'any' as const };
    const answer = await ask('zhipu', 'say: no', { tools: [TOOL], tool_choice: choice });
    expect(answer.stop_reason).toBe('end_turn');
    const unknown = await post('zhipu', { model: 'glm-99', messages: [{ role: 'user', content: 'x' }] });
    expect(unknown).toMatchObject({ status: 400, body: { error: { type: '1211' } } });
  });

  it("Ark serves a customer's own endpoint and no other name", async () => {
    const unknown = await post('ark', { model: 'claude-opus-5', messages: [{ role: 'user', content: 'x' }] });
    expect(unknown).toMatchObject({ status: 404, body: { error: { type: 'NotFound' } } });
  });
});
