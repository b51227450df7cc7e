import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { anthropic } from './anthropic.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([anthropic]);
});
afterAll(() => simulator.close());

const OLD = '2023-06-01';
const NEW = '2026-10-21';

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${simulator.address}/anthropic/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'sim-key', 'anthropic-version': OLD, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const valid = { model: 'claude-sonnet-4-6', max_tokens: 100, messages: [{ role: 'user', content: 'say: hi' }] };
const user = (...content: readonly unknown[]) => ({ ...valid, messages: [{ role: 'user', content }] });
const mark = { cache_control: { type: 'ephemeral' } };
const tool = { name: 'look', input_schema: { type: 'object' } };
const call = (id: string) => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'look', input: {} }] });
const result = (id: string) => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id }] });
const turns = (...messages: readonly unknown[]) => ({ ...valid, tools: [tool], messages });
const hello = valid.messages[0];

describe('requests the vendor refuses', () => {
  it.each<{ name: string; body: unknown; version?: string; message: string }>([
    { name: 'not JSON', body: '{"model":', message: 'The request body is not valid JSON: ' },
    { name: 'no limit', body: { ...valid, max_tokens: undefined }, message: 'max_tokens: Field required' },
    {
      name: 'a limit that is no integer',
      body: { ...valid, max_tokens: '9' },
      message: 'max_tokens: Input should be a valid integer',
    },
    {
      name: 'a limit beyond the model',
      body: { ...valid, model: 'claude-haiku-4-5', max_tokens: 70_000 },
      message:
        'max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001',
    },
    {
      name: 'a prompt beyond the window',
      body: { ...valid, model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'a '.repeat(200_000) }] },
      message: 'prompt is too long: ',
    },
    {
      name: 'an unknown field',
      body: { ...valid, frequency_penalty: 1 },
      message: 'frequency_penalty: Extra inputs are not permitted',
    },
    {
      name: 'a field of a beta not asked for',
      body: { ...valid, context_management: { edits: [] } },
      message: 'context_management: Extra inputs are not permitted',
    },
    { name: 'no messages', body: { ...valid, messages: [] }, message: 'messages: at least one message is required' },
    {
      name: 'an unknown role',
      body: { ...valid, messages: [{ role: 'tool', content: 'x' }] },
      message: "messages.0.role: Input should be 'user' or 'assistant'",
    },
    {
      name: 'a system turn at an old model',
      body: { ...valid, model: 'claude-sonnet-4-5', messages: [hello, { role: 'system', content: 'x' }] },
      message: "messages.1.role: Input should be 'user' or 'assistant'",
    },
    {
      name: 'empty text',
      body: user({ type: 'text', text: '' }),
      message: 'messages: text content blocks must be non-empty',
    },
    {
      name: 'an unknown block',
      body: user({ type: 'video' }),
      message:
        "messages.0.content.0: Input tag 'video' found using 'type' does not match any of the expected tags: 'text', ",
    },
    {
      name: 'an unknown field in a block',
      body: user({ type: 'text', text: 'x', mood: 'good' }),
      message: 'messages.0.content.0.text.mood: Extra inputs are not permitted',
    },
    {
      name: 'a mark on thinking',
      body: turns(
        hello,
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 'y', ...mark }] },
        hello,
      ),
      message: 'messages.1.content.0.thinking.cache_control: Extra inputs are not permitted',
    },
    {
      name: 'a call of the user',
      body: user({ type: 'tool_use', id: 'a', name: 'look', input: {} }),
      message: 'messages.0.content.0: `tool_use` blocks can only be in `assistant` messages',
    },
    {
      name: 'five breakpoints',
      body: user(...Array.from({ length: 5 }, () => ({ type: 'text', text: 'x', ...mark }))),
      message: 'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    },
    {
      name: 'a long breakpoint behind a short one',
      body: user(
        { type: 'text', text: 'x', ...mark },
        { type: 'text', text: 'y', cache_control: { type: 'ephemeral', ttl: '1h' } },
      ),
      message: "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
    },
    {
      name: 'a call without its result',
      body: turns(hello, call('toolu_1'), hello),
      message: 'messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
    },
    {
      name: 'a result without its call',
      body: turns(hello, call('toolu_1'), result('toolu_2')),
      message: 'messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
    },
    {
      name: 'a result too many',
      body: turns(result('toolu_1')),
      message: 'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.',
    },
    {
      name: 'text before the results',
      body: turns(hello, call('toolu_1'), {
        role: 'user',
        content: [{ type: 'text', text: 'x' }, ...result('toolu_1').content],
      }),
      message: 'messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
    },
    {
      name: 'a tool without a schema',
      body: { ...valid, tools: [{ name: 'look' }] },
      message: 'tools.0.custom.input_schema: Field required',
    },
    {
      name: 'two tools of one name',
      body: { ...valid, tools: [tool, tool] },
      message: 'tools: Tool names must be unique.',
    },
    {
      name: 'a forced tool that is not there',
      body: { ...valid, tools: [tool], tool_choice: { type: 'tool', name: 'listen' } },
      message: "tool_choice: Tool 'listen' not found in provided tools",
    },
    {
      name: 'a budget beside adaptive thinking',
      body: { ...valid, thinking: { type: 'adaptive', budget_tokens: 2_000 } },
      message: 'thinking.adaptive.budget_tokens: Extra inputs are not permitted',
    },
    {
      name: 'a budget above the limit',
      body: { ...valid, thinking: { type: 'enabled', budget_tokens: 1_024 } },
      message: '`max_tokens` must be greater than `thinking.budget_tokens`.',
    },
    {
      name: 'a budget at a model that has none',
      body: {
        ...valid,
        model: 'claude-opus-4-8',
        max_tokens: 4_000,
        thinking: { type: 'enabled', budget_tokens: 1_024 },
      },
      message: '"thinking.type.enabled" is not supported for this model.',
    },
    {
      name: 'thinking with a forced tool',
      body: { ...valid, tools: [tool], tool_choice: { type: 'any' }, thinking: { type: 'adaptive' } },
      message: 'Thinking may not be enabled when tool_choice forces tool use.',
    },
    {
      name: 'an effort the model lacks',
      body: { ...valid, output_config: { effort: 'xhigh' } },
      message: "This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.",
    },
    {
      name: 'prefill at a model that takes none',
      body: { ...valid, messages: [hello, { role: 'assistant', content: 'So' }] },
      message: 'This model does not support assistant message prefill.',
    },
    {
      name: 'text of nothing but blanks',
      body: turns(hello, { role: 'assistant', content: [{ type: 'text', text: '\n\n' }] }, hello),
      message: 'messages: text content blocks must contain non-whitespace text',
    },
    {
      name: 'two ways of sampling at once',
      body: { ...valid, temperature: 0.5, top_p: 0.9 },
      message: '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    },
    {
      name: 'sampling at a newer model',
      body: { ...valid, model: 'claude-opus-4-7', temperature: 0.5 },
      message: '`temperature` is deprecated for this model.',
    },
    {
      name: 'sampling in the newer version',
      body: { ...valid, temperature: 1 },
      version: NEW,
      message: 'temperature: Extra inputs are not permitted',
    },
    {
      name: 'a document of the assistant in the newer version',
      body: turns(
        hello,
        {
          role: 'assistant',
          content: [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }],
        },
        hello,
      ),
      version: NEW,
      message: 'messages.1.content.0: `document` blocks can only be in `user` messages',
    },
    {
      name: 'citations of the user in the newer version',
      body: user({ type: 'text', text: 'x', citations: [{ type: 'char_location' }] }),
      version: NEW,
      message: 'messages.0.content.0.citations: ',
    },
  ])('$name', async ({ body, version = OLD, message }) => {
    const response = await post(body, { 'anthropic-version': version });
    const answered = await response.json();
    expect(answered).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
      request_id: response.headers.get('request-id'),
    });
    expect(response.status).toBe(400);
  });

  it.each<{ name: string; headers: Record<string, string>; status: number; message: string }>([
    { name: 'no version', headers: { 'anthropic-version': '' }, status: 400, message: 'anthropic-version: ' },
    {
      name: 'a version of tomorrow',
      headers: { 'anthropic-version': '2027-01-01' },
      status: 400,
      message: 'is not a valid version',
    },
    {
      name: 'a beta without a date',
      headers: { 'anthropic-beta': 'nonsense' },
      status: 400,
      message: 'Unexpected value(s) `nonsense`',
    },
    { name: 'no key', headers: { 'x-api-key': '' }, status: 401, message: 'invalid x-api-key' },
  ])('$name', async ({ headers, status, message }) => {
    const response = await post(valid, headers);
    const answered = (await response.json()) as { error: { message: string } };
    expect({ status: response.status, message: answered.error.message }).toEqual({
      status,
      message: expect.stringContaining(message),
    });
  });

  it('lets a beta open its own field', async () => {
    const response = await post(
      { ...valid, context_management: { edits: [] } },
      { 'anthropic-beta': 'context-management-2025-06-27,effort-2025-11-24' },
    );
    expect(response.status).toBe(200);
  });

  it('has a 404 of its own for paths it does not know', async () => {
    const response = await fetch(`${simulator.address}/anthropic/v1/complete`, { headers: { 'x-api-key': 'sim-key' } });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 404,
      body: { type: 'error', error: { type: 'not_found_error', message: 'Not Found' } },
    });
  });
});
