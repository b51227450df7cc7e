import { request } from 'node:http';
import OpenAI from 'openai';
import { openai } from '../openai/openai.js';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';

type Create = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Json = Record<string, unknown>;

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([openai]);
});
afterAll(() => simulator.close());

const client = (apiKey = 'sim-state') =>
  new OpenAI({ apiKey, baseURL: `${simulator.address}/openai/v1`, maxRetries: 0, logLevel: 'off' });
const create = (request: Json) => client().responses.create({ model: 'gpt-5.5', ...request } as unknown as Create);

describe('what the Responses wire keeps', () => {
  it('replays a stored stream from any event on', async () => {
    const whole = await create({ input: 'count to 5' });
    const replay = async (after?: number) => {
      const events = [];
      const query = { stream: true as const, ...(after !== undefined && { starting_after: after }) };
      for await (const event of await client().responses.retrieve(whole.id, query)) events.push(event);
      return events;
    };
    const all = await replay();
    expect(all.at(-1)).toMatchObject({ type: 'response.completed', response: { output: whole.output } });
    expect(await replay(4)).toEqual(all.slice(5));
  });

  it('queues what runs in the background, to be fetched or cancelled', async () => {
    const queued = await create({ input: 'say: later', background: true });
    expect([queued.status, queued.output]).toEqual(['queued', []]);
    expect((await client().responses.retrieve(queued.id)).status).toBe('completed');
    expect((await client().responses.cancel(queued.id)).status).toBe('cancelled');
    const whole = await create({ input: 'say: now' });
    await expect(client().responses.cancel(whole.id)).rejects.toThrow('Cannot cancel a synchronous response.');
  });

  it('keeps nothing with store off, and nothing for another key', async () => {
    const unstored = await create({ input: 'say: gone', store: false });
    await expect(client().responses.retrieve(unstored.id)).rejects.toMatchObject({ status: 404 });
    const stored = await create({ input: 'say: here' });
    await expect(client('sim-other').responses.retrieve(stored.id)).rejects.toMatchObject({ status: 404 });
  });

  it('does not inherit instructions, and bills the whole prefix', async () => {
    const first = await create({ input: 'system', instructions: 'be kind' });
    const next = await create({ input: 'system', previous_response_id: first.id });
    expect([first.output_text, next.output_text]).toEqual(['be kind', 'no system prompt']);
    expect(next.usage!.input_tokens).toBeGreaterThan(first.usage!.input_tokens - 4);
  });

  it('counts without answering', async () => {
    const asked = { model: 'gpt-5.5', input: 'say: some words' };
    const counted = await client().responses.inputTokens.count(asked);
    expect(counted.input_tokens).toBe((await create(asked)).usage?.input_tokens);
  });
});

describe('what Codex sends', () => {
  const settings = {
    tool_choice: 'auto',
    store: false,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: '019aa0f2-0f0e-7a52-9b7c-0d7d5a4a2b61',
    client_metadata: { 'x-codex-installation-id': 'abc' },
    text: { verbosity: 'low' },
  };
  const message = (role: string, text: string, id: string) => ({
    type: 'message',
    role,
    id,
    content: [{ type: 'input_text', text }],
  });

  it('is accepted with its function, free-form, namespace, search and client-run tools', async () => {
    const answer = await create({
      ...settings,
      parallel_tool_calls: true,
      reasoning: { effort: 'medium', summary: 'auto' },
      input: [
        message('developer', 'You are a coding agent.', 'm1'),
        message('user', 'call apply_patch {"input":"*** Begin Patch"}', 'm2'),
      ],
      tools: [
        {
          type: 'function',
          name: 'exec_command',
          description: 'd',
          strict: false,
          parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
        },
        {
          type: 'custom',
          name: 'apply_patch',
          description: 'd',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: begin' },
        },
        {
          type: 'namespace',
          name: 'multi_agent_v1',
          description: 'd',
          tools: [{ type: 'function', name: 'spawn', parameters: {}, strict: false }],
        },
        { type: 'web_search', external_web_access: true },
        { type: 'tool_search', execution: 'client', description: 'd', parameters: {} },
      ],
    });
    expect(answer.output).toMatchObject([
      { type: 'reasoning', encrypted_content: expect.any(String) },
      { type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin Patch' },
    ]);
  });

  it('holds a loop over additional_tools, whole history each turn', async () => {
    const tools = [
      {
        type: 'namespace',
        name: 'functions',
        description: 'd',
        tools: [
          { type: 'custom', name: 'exec', format: { type: 'text' } },
          { type: 'function', name: 'wait', parameters: {}, strict: false },
        ],
      },
    ];
    const input: Json[] = [
      { type: 'additional_tools', role: 'developer', tools },
      message('developer', 'You are a coding agent.', 'm1'),
      message('user', 'call exec {"input":"ls"}\nthen\nsay: listed', 'm2'),
    ];
    const asked = {
      ...settings,
      model: 'gpt-6',
      parallel_tool_calls: false,
      reasoning: { effort: 'low', context: 'all_turns' },
      input,
    };
    const [reasoning, call] = (await create(asked)).output as unknown as Json[];
    expect(call).toMatchObject({ type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'ls' });
    input.push({ ...reasoning!, content: null }, call!, {
      type: 'custom_tool_call_output',
      id: 'ctco_1',
      call_id: call!['call_id'],
      output: [{ type: 'input_text', text: 'a.txt' }],
    });
    expect((await create(asked)).output_text).toBe('listed');
  });

  it('is told by a 426 that an upgrade to a WebSocket will not do', async () => {
    const headers = { authorization: 'Bearer sim-x', connection: 'Upgrade', upgrade: 'websocket' };
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${simulator.address}/openai/v1/responses`, { headers, agent: false });
      asked
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(426);
  });
});
