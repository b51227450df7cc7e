import type { Anthropic } from '@anthropic-ai/sdk';
import { startAnthropic } from '../testing/start-anthropic.js';
import type { RunningSimulator } from '../testing/start-simulator.js';

let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  ({ simulator, client } = await startAnthropic());
});
afterAll(() => simulator.close());

const body = {
  model: 'claude-sonnet-4-6',
  max_tokens: 2_000,
  thinking: { type: 'enabled' as const, budget_tokens: 1_024 },
  tools: [{ type: 'web_search_20250305' as const, name: 'web_search' as const }],
};
const asked: Anthropic.MessageParam = { role: 'user', content: 'search: tides\npause\nsay: done' };
const typesOf = ({ content }: Anthropic.Message): readonly string[] => content.map(({ type }) => type);

describe("a search that outlasts the vendor's patience", () => {
  it('stops with pause_turn and goes on when its turn is sent back', async () => {
    const first = await client.messages.create({ ...body, messages: [asked] });
    expect(first.stop_reason).toBe('pause_turn');
    expect(typesOf(first)).toEqual(['thinking', 'server_tool_use', 'web_search_tool_result']);
    const messages: Anthropic.MessageParam[] = [asked, { role: 'assistant', content: first.content }];
    const second = await client.messages.create({ ...body, messages });
    expect(second.stop_reason).toBe('end_turn');
    expect(typesOf(second)).not.toContain('server_tool_use');
    expect(second.content.at(-1)).toMatchObject({ type: 'text', text: 'done' });
  });

  it('says the same as a stream', async () => {
    const message = await client.messages.stream({ ...body, messages: [asked] }).finalMessage();
    expect(message.stop_reason).toBe('pause_turn');
  });

  it('does not pause where nothing is searched', async () => {
    const { tools: _tools, ...plain } = body;
    const message = await client.messages.create({ ...plain, messages: [asked] });
    expect(message.stop_reason).toBe('end_turn');
  });
});
