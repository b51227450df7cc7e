import { A, ask, at, C, folded, G, R, received, route, sent, sentRaw, told } from '../testing/case.js';
import {
  block,
  chatAnswer,
  gemini,
  geminiUsage,
  messageEnd,
  messagesAnswer,
  messageStart,
  responsesAnswer,
  responsesText,
} from '../testing/vendor-chunks.js';

/** Usage (protocols 2.10, 3.5) and caching (protocols 2.12, 3.6). */
const text = block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi' });

describe('usage', () => {
  it('T58: cached input of a Chat vendor is counted apart for a Messages client', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 9,
      total_tokens: 109,
      prompt_tokens_details: { cached_tokens: 75 },
    };
    expect(told(route(A, C), chatAnswer({ content: 'Hi' }, 'stop', { usage }))).toMatchObject({
      usage: { input_tokens: 25, cache_read_input_tokens: 75, output_tokens: 9 },
    });
  });

  it('T59: input of a Messages vendor is added up for a Chat client', () => {
    const usage = {
      input_tokens: 317,
      cache_creation_input_tokens: 4425,
      cache_read_input_tokens: 0,
      output_tokens: 9,
    };
    expect(told(route(C, A), messagesAnswer([{ type: 'text', text: 'Hi' }], 'end_turn', { usage }))).toMatchObject({
      usage: {
        prompt_tokens: 4742,
        completion_tokens: 9,
        total_tokens: 4751,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 4425 },
      },
    });
  });

  it('T60: cache counters told at the start and at the end are counted once', async () => {
    const counters = { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 };
    const chunks = [
      messageStart({ ...counters, output_tokens: 1 }),
      ...text,
      ...messageEnd('end_turn', { ...counters, output_tokens: 7 }),
    ];
    expect(await folded(route(C, A), chunks)).toMatchObject({
      usage: { prompt_tokens: 130, total_tokens: 137, prompt_tokens_details: { cached_tokens: 100 } },
    });
  });

  it('T61: input corrected at the end replaces what the start said', async () => {
    const chunks = [
      messageStart({ input_tokens: 43, output_tokens: 1 }),
      ...text,
      ...messageEnd('end_turn', { input_tokens: 61, output_tokens: 7 }),
    ];
    expect(at(await folded(route(A, A), chunks), 'usage')).toMatchObject({ input_tokens: 61, output_tokens: 7 });
  });

  it('T62: cache writes of a Responses vendor are told as such, and not as input again', () => {
    const usage = {
      input_tokens: 4020,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 4012 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 4029,
    };
    expect(told(route(A, R), responsesAnswer([responsesText('Hi')], { usage }))).toMatchObject({
      usage: { input_tokens: 8, cache_creation_input_tokens: 4012, output_tokens: 9 },
    });
  });

  it('T63: a Chat client that asks for usage gets one report, last before the end', () => {
    const items = received(route(C, A), [messageStart(), ...text, ...messageEnd('end_turn')]);
    const reports = items.filter((item) => typeof at(item, 'usage.total_tokens') === 'number');
    expect(reports).toHaveLength(1);
    expect(items.indexOf(reports[0] ?? '')).toBe(items.length - 2);
    expect(items.at(-1)).toBe('[DONE]');
  });

  it('T64: the last count of Gemini wins', async () => {
    const chunks = [
      gemini([{ text: 'H' }], {}, geminiUsage(55, 1)),
      gemini([{ text: 'i' }], {}, geminiUsage(55, 2)),
      gemini([{ text: '' }], { finishReason: 'STOP' }, geminiUsage(257, 3)),
    ];
    expect(await folded(route(C, G), chunks)).toMatchObject({ usage: { prompt_tokens: 257, completion_tokens: 3 } });
  });
});

describe('cache marks between a Messages client and its own wire', () => {
  const cache_control = { type: 'ephemeral' };
  const body = (mark: object) => ({
    model: 'alias',
    max_tokens: 99,
    system: [{ type: 'text', text: 'Be brief.', ...mark }],
    tools: [{ name: 'look', input_schema: { type: 'object' }, ...mark }],
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {}, ...mark }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sun', ...mark }] },
    ],
  });

  it('T65: stay where they stood, on instructions, tools, calls and results', () => {
    const marked = body({ cache_control });
    const served = { ...marked, model: 'claude-sonnet-4-6' };
    expect(sent(ask(route(A, A), { ...marked, thinking: undefined }))).toEqual(served);
    expect(sentRaw(A, marked, 'claude-sonnet-4-6')).toBe(JSON.stringify(served));
  });

  it('T66: are added nowhere by the gateway', () => {
    const bare = body({});
    expect(ask(route(A, A), bare).body).not.toContain('cache_control');
    expect(sentRaw(A, bare, 'claude-sonnet-4-6')).toBe(JSON.stringify({ ...bare, model: 'claude-sonnet-4-6' }));
  });
});
