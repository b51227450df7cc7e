import { A, at, C, folded, G, R, route, streamed, told } from '../testing/case.js';
import { chat, chatAnswer, fragment } from '../testing/vendor-chunks.js';

/** What vendors of this wire answer in forms that its owner has left, or never had. */
const way = route(A, C);

describe('a call in the form that came before tools', () => {
  const ran = { content: [{ type: 'tool_use', name: 'look', input: { city: 'Oslo' } }], stop_reason: 'tool_use' };
  const call = { name: 'look', arguments: '{"city":"Oslo"}' };

  it('is a call', async () => {
    const whole = told(way, chatAnswer({ content: null, function_call: call }, 'function_call'));
    expect(whole).toMatchObject(ran);
    const chunks = [
      chat({ function_call: { name: 'look', arguments: '' } }),
      chat({ function_call: { arguments: '{"city":' } }),
      chat({ function_call: { arguments: '"Oslo"}' } }),
      chat({}, 'function_call'),
    ];
    const stream = await folded(way, chunks);
    expect(stream).toMatchObject(ran);
    expect(at(stream, 'content.0.id')).toBe(at(whole, 'content.0.id'));
  });

  it('is garbled without a name', () => {
    const nameless = { function_call: { arguments: '{}' } };
    expect(() => told(way, chatAnswer(nameless, 'function_call'))).toThrow('without a name');
    expect(streamed(way, [chat(nameless), chat({}, 'function_call')]).failure).toBe('upstream-garbled');
  });

  it('is none where its fields are empty, or it is told of as a tool call too', () => {
    const empty = { content: 'Hi', function_call: { name: '', arguments: '' } };
    expect(told(way, chatAnswer(empty))).toMatchObject({ content: [{ type: 'text', text: 'Hi' }] });
    const both = { function_call: call, tool_calls: [{ id: 'c1', type: 'function', function: call }] };
    expect(at(told(way, chatAnswer(both, 'tool_calls')), 'content.length')).toBe(1);
  });
});

it('the first of several choices is the one numbered so, wherever it stands', () => {
  const answer = chatAnswer({ content: 'first' });
  const second = { index: 1, message: { role: 'assistant', content: 'second' }, finish_reason: 'stop' };
  const both = { ...answer, choices: [second, ...(answer['choices'] as object[])] };
  expect(at(told(way, both), 'content')).toEqual([{ type: 'text', text: 'first' }]);
});

describe('sources that come behind a call', () => {
  const source = (url: string) => ({
    type: 'url_citation',
    url_citation: { url, title: 'T', start_index: 0, end_index: 2 },
  });
  const chunks = [
    chat({ content: 'Hi' }),
    chat(fragment(0, '{}', { id: 'c1', name: 'look' })),
    chat({ annotations: [source('https://late.example')] }),
    chat({}, 'tool_calls'),
  ];

  it.each([A, R, G])('are told to a %s client as found by a search', (client) => {
    const { text, failure } = streamed(route(client, C), chunks);
    expect(failure).toBeUndefined();
    expect(text).toContain('https://late.example');
  });

  it('are a loss to a Chat client', () => {
    expect(streamed(route(C, C), chunks).text).toContain('L71');
  });
});
