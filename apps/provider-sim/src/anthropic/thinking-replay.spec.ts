import type { Anthropic } from '@anthropic-ai/sdk';
import { startAnthropic } from '../testing/start-anthropic.js';
import type { RunningSimulator } from '../testing/start-simulator.js';

type Block = Anthropic.ContentBlockParam;
interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string | Block[];
}

const TOOL = { name: 'look', input_schema: { type: 'object' as const } };
const PROMPT =
  'think: first\ncall look {"at":1}\nthen\nthink: second\ncall look {"at":2}\nthen\nthink: third\nsay: done';

let simulator: RunningSimulator;
let client: Anthropic;
beforeAll(async () => {
  ({ simulator, client } = await startAnthropic());
});
afterAll(() => simulator.close());

const send = (messages: readonly Message[], more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
  client.messages.create({
    model: 'claude-sonnet-4-6',
    max_tokens: 4_000,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
    tools: [TOOL],
    messages: [...messages],
    ...more,
  });

const answerTo = (content: readonly { type: string; id?: string }[]): Message => ({
  role: 'user',
  content: content
    .filter((block) => block.type === 'tool_use')
    .map((block): Block => ({ type: 'tool_result', tool_use_id: block.id ?? '', content: 'seen' })),
});

/** The conversation up to the moment at which its second call has been answered. */
const openLoop = async (): Promise<readonly Message[]> => {
  const opening: Message = { role: 'user', content: PROMPT };
  const first = await send([opening]);
  const afterFirst: Message[] = [opening, { role: 'assistant', content: first.content }, answerTo(first.content)];
  const second = await send(afterFirst);
  return [...afterFirst, { role: 'assistant', content: second.content }, answerTo(second.content)];
};

const editing = (messages: readonly Message[], at: number, edit: (blocks: readonly Block[]) => readonly Block[]) =>
  messages.map((message, index): Message =>
    index === at && Array.isArray(message.content) ? { ...message, content: [...edit(message.content)] } : message,
  );

describe('thinking that comes back', () => {
  it('is accepted unchanged over three turns', async () => {
    const third = await send(await openLoop());
    expect(third.content).toMatchObject([
      { type: 'thinking', thinking: 'third' },
      { type: 'text', text: 'done' },
    ]);
  });

  it('may carry moved breakpoints and a string where blocks were', async () => {
    const messages = await openLoop();
    const moved = editing(messages, 4, (blocks) =>
      blocks.map((block) => ({ ...block, cache_control: { type: 'ephemeral' as const } }) as Block),
    );
    const third = await send([{ role: 'user', content: [{ type: 'text', text: PROMPT }] }, ...moved.slice(1)]);
    expect(third.stop_reason).toBe('end_turn');
  });

  it('is accepted without its text when it was not shown', async () => {
    const hidden = { thinking: { type: 'adaptive' as const, display: 'omitted' as const } };
    const opening: Message = { role: 'user', content: `${PROMPT}\nsay: hidden` };
    const first = await send([opening], hidden);
    expect(first.content[0]).toMatchObject({
      type: 'thinking',
      thinking: '',
      signature: expect.stringMatching(/^.{40,}$/),
    });
    const second = await send(
      [opening, { role: 'assistant', content: first.content }, answerTo(first.content)],
      hidden,
    );
    expect(second.stop_reason).toBe('tool_use');
  });

  it('may be left out of turns that are over', async () => {
    const messages = await openLoop();
    const third = await send(messages);
    const over = [...messages, { role: 'assistant' as const, content: third.content }];
    const stripped = over.map((message): Message =>
      Array.isArray(message.content)
        ? { ...message, content: message.content.filter((block) => block.type !== 'thinking') }
        : message,
    );
    const next = await send([...stripped, { role: 'user', content: 'say: on we go' }]);
    expect(next.stop_reason).toBe('end_turn');
  });

  it('is not looked at when thinking is off', async () => {
    const messages = editing(await openLoop(), 1, (blocks) => blocks.slice(1));
    const answered = await send(messages, { thinking: { type: 'disabled' } });
    expect(answered.stop_reason).toBe('end_turn');
  });

  const FORGED = /Invalid `signature` in `thinking` block/;
  const MODIFIED = /blocks in the latest assistant message cannot be modified/;
  const MISSING = /messages\.\d\.content\.0\.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`/;

  it.each<{ name: string; edit: (blocks: readonly Block[]) => readonly Block[]; refusal: RegExp }>([
    {
      name: 'changed',
      edit: (blocks) => blocks.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'altered' } : block)),
      refusal: FORGED,
    },
    {
      name: 'signed by somebody else',
      edit: (blocks) =>
        blocks.map((block) => (block.type === 'thinking' ? { ...block, signature: 'Zm9yZWlnbg==' } : block)),
      refusal: FORGED,
    },
    { name: 'missing', edit: (blocks) => blocks.slice(1), refusal: MISSING },
    { name: 'behind the call', edit: (blocks) => [...blocks].reverse(), refusal: MISSING },
    { name: 'doubled', edit: (blocks) => [blocks[0] as Block, ...blocks], refusal: MODIFIED },
  ])('is refused when it is $name', async ({ edit, refusal }) => {
    const messages = editing(await openLoop(), 3, edit);
    await expect(send(messages)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(refusal) });
  });

  it('is refused after a different beginning', async () => {
    const messages = await openLoop();
    const rewritten: Message[] = [{ role: 'user', content: `${PROMPT} ` }, ...messages.slice(1)];
    await expect(send(rewritten)).rejects.toMatchObject({ status: 400, message: expect.stringMatching(MODIFIED) });
  });

  it('is refused by another model', async () => {
    const messages = await openLoop();
    await expect(send(messages, { model: 'claude-sonnet-4-6-sim' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(MODIFIED),
    });
  });

  it('is refused when redacted data was touched', async () => {
    const opening: Message = { role: 'user', content: 'think redacted: secret\ncall look {}' };
    const first = await send([opening]);
    const spoilt = first.content.map((block) =>
      block.type === 'redacted_thinking' ? { ...block, data: `${block.data}AAAA` } : block,
    );
    await expect(send([opening, { role: 'assistant', content: spoilt }, answerTo(spoilt)])).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('Invalid `data` in `redacted_thinking` block'),
    });
  });
});
