import type { Anthropic } from '@anthropic-ai/sdk';
import { startAnthropic } from '../testing/start-anthropic.js';
import type { RunningSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  ({ simulator, client } = await startAnthropic());
});
afterAll(() => simulator.close());

const body = { model: 'claude-sonnet-4-6', max_tokens: 500 };
const betas = ['message-threads-2026-08-12'];
const say = (text: string) => [{ role: 'user' as const, content: `say: ${text}` }];
const weather = (cities: string[]) => ({
  type: 'custom' as const,
  name: 'weather',
  description: 'Weather of a city',
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  run: (input: unknown) => {
    cities.push((input as { city: string }).city);
    return 'sun';
  },
  parse: (input: unknown) => input,
});

describe('a thread', () => {
  it.each([{ stream: false }, { stream: true }])(
    'holds what a tool runner does not send again (stream: $stream)',
    async (way) => {
      const cities: string[] = [];
      const content = `call weather {"city":"Oslo"}\nthen\ncall weather {"city":"Rome"}\nthen\nrecall ${way.stream}\nrecall`;
      const runner = client.beta.messages.toolRunner({
        ...body,
        ...way,
        messages: [{ role: 'user', content }],
        tools: [weather(cities)],
      });
      const last = await runner.runUntilDone();
      expect(cities).toEqual(['Oslo', 'Rome']);
      expect(last.content).toEqual([
        expect.objectContaining({ type: 'text', text: expect.stringContaining('user: call') }),
      ]);
    },
  );

  it('goes on from its last answer, once', async () => {
    const first = await client.beta.messages.create({
      ...body,
      betas,
      messages: say('one'),
      thread: { type: 'create' },
    });
    const goOn = { type: 'continue' as const, previous_message_id: first.id };
    const recall = { ...body, betas, messages: [{ role: 'user' as const, content: 'recall' }], thread: goOn };
    const second = await client.beta.messages.create(recall);
    expect(second.content).toMatchObject([{ text: expect.stringContaining('assistant: one') }]);
    await expect(client.beta.messages.create(recall)).rejects.toMatchObject({
      status: 400,
      error: { error: { details: { error_code: 'thread_already_continued' } } },
    });
  });

  it.each([
    { name: 'is unknown', thread: { type: 'continue', previous_message_id: 'msg_x' }, status: 404, code: 'not_found' },
    {
      name: 'would have to hold thinking',
      thread: { type: 'create' },
      thinking: { type: 'adaptive' },
      status: 400,
      code: 'unsupported_request',
    },
  ] as const)('that $name is refused', async ({ thread, status, code, ...more }) => {
    const { name: _name, ...fields } = more;
    const asking = client.beta.messages.create({ ...body, ...fields, betas, messages: say('x'), thread });
    await expect(asking).rejects.toMatchObject({
      status,
      error: { error: { details: { error_code: `thread_${code}` } } },
    });
  });
});
