import { A, ask, at, C, folded, G, R, received, route, streamed, told } from '../testing/case.js';
import { gemini, geminiUsage, messageEnd, messagesAnswer, messageStart } from '../testing/vendor-chunks.js';

/** Stop reasons and emptiness (protocols 3.2). */
describe('a Chat client of Gemini', () => {
  const way = route(C, G);

  it('T21: a call followed by a STOP without parts ends in tool_calls', async () => {
    const call = { functionCall: { id: 'g1', name: 'look', args: { city: 'Oslo' } } };
    const chunks = [gemini([call]), gemini(undefined, { finishReason: 'STOP' }, geminiUsage(5))];
    expect(at(await folded(way, chunks), 'choices.0.finish_reason')).toBe('tool_calls');
    expect(at(told(way, gemini([call], { finishReason: 'STOP' })), 'choices.0.finish_reason')).toBe('tool_calls');
  });

  it('T22: a malformed call is a failure that says why, and no empty answer', () => {
    const broken = { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call: print(' };
    expect(() => told(way, gemini(undefined, broken))).toThrow('Malformed function call: print(');
    expect(() => told(way, gemini(undefined, broken))).toThrow(
      expect.objectContaining({ kind: expect.stringMatching(/^upstream-(garbled|transient)$/) }),
    );
    expect(streamed(way, [gemini(undefined, broken)]).failure).toMatch(/^upstream-(garbled|transient)$/);
  });

  it('T23: a candidate without parts is an empty text whose usage is kept', async () => {
    const empty = gemini(undefined, { finishReason: 'STOP' }, geminiUsage(10, 0));
    const answer = await folded(way, [empty]);
    expect(at(answer, 'choices.0.message.content') ?? '').toBe('');
    expect(at(told(way, empty), 'choices.0.message.content')).toBe('');
    expect(answer).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { prompt_tokens: 10 } });
    expect(at(told(way, empty), 'usage.prompt_tokens')).toBe(10);
  });

  it('T24: MAX_TOKENS is told as length', async () => {
    const cut = gemini([{ text: 'Once upon' }], { finishReason: 'MAX_TOKENS' });
    expect(at(told(way, cut), 'choices.0.finish_reason')).toBe('length');
    expect(at(await folded(way, [cut]), 'choices.0.finish_reason')).toBe('length');
  });
});

describe('a Responses client of Gemini', () => {
  const way = route(R, G);
  const filtered = [
    { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, modelVersion: 'm', responseId: 'r1' },
    { promptFeedback: { blockReason: 'OTHER', blockReasonMessage: 'Blocked.' }, modelVersion: 'm', responseId: 'r1' },
    gemini(undefined, { finishReason: 'SAFETY', finishMessage: 'Stopped.' }),
    gemini([{ text: 'Once upon' }], { finishReason: 'RECITATION' }),
  ];

  it.each(filtered)('is told that a filter cut the answer, and no words of it: %j', async (cut) => {
    const incomplete = { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
    for (const answer of [told(way, cut), await folded(way, [cut])]) {
      expect(answer).toMatchObject(incomplete);
      expect(JSON.stringify(at(answer, 'output'))).not.toMatch(/refusal|PROHIBITED|Blocked|Stopped/);
    }
  });
});

describe('a Chat client of a Messages vendor', () => {
  const way = route(C, A);
  const half = { type: 'text', text: 'Once upon' };

  it('T25: max_tokens is told as length', () => {
    expect(at(told(way, messagesAnswer([half], 'max_tokens')), 'choices.0.finish_reason')).toBe('length');
  });

  it('T27: a refusal without a block is a content filter that says why', async () => {
    const stop_details = { type: 'refusal', category: 'cyber', explanation: 'This would help an attack.' };
    const answer = told(way, messagesAnswer([], 'refusal', { stop_details }));
    expect(at(answer, 'choices.0.finish_reason')).toBe('content_filter');
    expect(JSON.stringify(answer)).toContain('This would help an attack.');
    const chunks = [messageStart(), ...messageEnd('refusal', { output_tokens: 0 }, { stop_details })];
    expect(at(await folded(way, chunks), 'choices.0.finish_reason')).toBe('content_filter');
    expect(JSON.stringify(received(way, chunks))).toContain('This would help an attack.');
  });

  it('T28: a pause is carried on a few times, its text comes once, and it is never told as an end', () => {
    const searching = { ...way, stream: false };
    const whole = ask(searching, { web_search_options: {} }).whole(2);
    expect(whole.push(JSON.stringify(messagesAnswer([half], 'pause_turn')))).toBeUndefined();
    const continued: unknown = JSON.parse(whole.next()?.body ?? 'null');
    expect((at(continued, 'messages') as object[]).at(-1)).toEqual({ role: 'assistant', content: [half] });
    const rest = { type: 'text', text: ' a time' };
    const answer = whole.push(JSON.stringify(messagesAnswer([rest], 'pause_turn')));
    expect(whole.next()).toBeUndefined();
    expect(JSON.parse(answer?.body ?? 'null')).toMatchObject({
      choices: [{ message: { content: 'Once upon a time' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 10, completion_tokens: 14 },
    });
    expect(answer?.losses).toContainEqual({ code: 'L66', path: 'finish', effect: 'approximated' });
  });
});

it('T26: a limit met while thinking is max_tokens with nothing said', async () => {
  const cut = gemini(undefined, { finishReason: 'MAX_TOKENS' }, geminiUsage(10, 0));
  expect(told(route(A, G), cut)).toMatchObject({ stop_reason: 'max_tokens', content: [] });
  expect(await folded(route(A, G), [cut])).toMatchObject({ stop_reason: 'max_tokens', content: [] });
});
