import { A, C, G, R, received, route, sent, told } from '../testing/case.js';
import { openExchange } from '../translation/exchange.js';
import { readBody } from '../translation/read-body.js';

/** More than the engine's numbers hold: the id of a row, or of a chat message, as databases make them. */
const ID = '12345678901234567890';
const WORDS = `{"__proto__":{"kept":true},"id":${ID},"all":[-9007199254740993,1.5],"short":7,"said":"${ID}"}`;

const chatCall = { id: 'call_1', type: 'function', function: { name: 'look', arguments: WORDS } };
const chat = (call: object): string =>
  JSON.stringify({
    model: 'm',
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'x' },
    ],
  });
const messages = (input: string): string =>
  `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":
    [{"type":"tool_use","id":"toolu_1","name":"look","input" : ${input}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"x"}]}]}`;
const gemini = (args: string, response: string): string =>
  `{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"functionCall":{"name":"look","args":${args}}}]},
    {"role":"user","parts":[{"functionResponse":{"name":"look","response":${response}}}]}]}`;

describe('the words of a call keep every name and every digit', () => {
  it.each([
    ['text becomes an object of Messages', openExchange(chat(chatCall), route(C, A)).body, `"input":${WORDS}`],
    ['text becomes an object of Gemini', openExchange(chat(chatCall), route(C, G)).body, `"args":${WORDS}`],
    ['an object becomes one of another wire', openExchange(messages(WORDS), route(A, G)).body, `"args":${WORDS}`],
  ])('where %s', (_where, body, text) => {
    expect(body).toContain(text);
  });

  it.each([
    ['Messages', A, messages(WORDS)],
    ['Gemini', G, gemini(WORDS, '{"output":"x"}')],
  ])('where an object of %s becomes text', (_wire, client, body) => {
    expect(sent(openExchange(body, route(client, R)), 'input.1.arguments')).toBe(WORDS);
  });

  it('however many they are', () => {
    const words = `{"id":${'7'.repeat(400)}}`;
    expect(openExchange(messages(words), route(A, G)).body).toContain(`"args":${words}`);
  });

  it('where a result of Gemini becomes text', () => {
    expect(openExchange(gemini('{}', WORDS), route(G, R)).body).toContain(JSON.stringify(WORDS));
  });

  it('in whole answers as in streams', () => {
    const answer = `{"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use",
      "content":[{"type":"tool_use","id":"toolu_1","name":"look","input":${WORDS}}],"usage":{"input_tokens":1,"output_tokens":1}}`;
    const whole = openExchange(chat(chatCall), route(C, A)).answer(answer).body;
    expect(whole).toContain(`"arguments":${JSON.stringify(WORDS)}`);
    const chunk = { index: 0, delta: { tool_calls: [{ index: 0, ...chatCall }] }, finish_reason: 'tool_calls' };
    expect(JSON.stringify(received(route(G, C), [{ id: 'c', model: 'm', choices: [chunk] }]))).not.toContain('\uFDD0');
  });

  it('where a body is translated, and in no other', () => {
    expect(readBody(`{"input":{"seed":${ID}}}`)).toEqual({ input: { seed: Number(ID) } });
  });

  it('and no setting becomes anything but a number', () => {
    const body = `{"model":"m","max_completion_tokens":9,"seed":${ID},"messages":[{"role":"user","content":"${ID}"}]}`;
    expect(sent(openExchange(body, route(C, G)), 'generationConfig.seed')).toBe(Number(ID));
    expect(told(route(C, C), { choices: [{ message: { content: ID }, finish_reason: 'stop' }] })).toMatchObject({
      choices: [{ message: { content: ID } }],
    });
  });
});
