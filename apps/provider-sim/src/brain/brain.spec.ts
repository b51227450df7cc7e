import fc from 'fast-check';
import { compose } from './compose.js';
import type { Conversation, JsonObject, Part } from './conversation.js';
import { valueFromSchema } from './from-schema.js';
import { countTokens, tokenize } from './tokens.js';

const conversation = (prompt: string, more: Partial<Conversation> = {}): Conversation => ({
  vendor: 'anthropic',
  model: 'sim',
  turns: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
  tools: [
    { name: 'look', schema: { type: 'object', properties: { at: { type: 'integer', minimum: 3 } } } },
    { name: 'listen', schema: { type: 'object' } },
  ],
  toolChoice: { mode: 'auto' },
  parallelCalls: 'allowed',
  thinking: 'off',
  webSearch: 'absent',
  maxOutputTokens: 1_000,
  stopSequences: [],
  ...more,
});

const said = (given: Conversation): string =>
  compose(given)
    .parts.map((part) => (part.type === 'text' ? part.text : ''))
    .join('');
const called = (given: Conversation) =>
  compose(given).parts.flatMap((part) => (part.type === 'tool-call' ? [[part.name, part.input]] : []));

describe('tokens', () => {
  it('add up to the text and are as many as counted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const tokens = tokenize(text);
        expect([tokens.join(''), tokens.length]).toEqual([text, countTokens(text)]);
      }),
    );
  });

  it('never split a character', () => {
    expect(tokenize('abc😀😀').every((token) => !/\p{Cs}/u.test(token))).toBe(true);
  });
});

describe('the script', () => {
  it.each([
    { prompt: 'say: exactly this', text: 'exactly this' },
    { prompt: 'say: one\nsay: two', text: 'one\ntwo' },
    { prompt: 'Count to 4.', text: '1, 2, 3, 4' },
    { prompt: 'words 3', text: 'amber birch cedar' },
    { prompt: 'tools', text: 'look, listen' },
    { prompt: 'system', text: 'no system prompt' },
    { prompt: 'see', text: 'I see nothing.' },
    { prompt: 'search: tides', text: 'I cannot search the web here.' },
    { prompt: 'say: clean\n[[fault: drip=5]]', text: 'clean' },
    { prompt: '[[fault: drip=5]]count to 2', text: '1, 2' },
    { prompt: 'say: one [[fault: drip=5]]\n[[fault: cut=1]]\nsay: two', text: 'one\ntwo' },
    {
      prompt: 'Hello there',
      text: 'You wrote "Hello there". I am a simulated model, so this sentence is all I have to say about it.',
    },
  ])('$prompt', ({ prompt, text }) => {
    expect(said(conversation(prompt))).toBe(text);
  });

  it('gives the same answer to the same conversation, and another to another', () => {
    expect(compose(conversation('hello'))).toEqual(compose(conversation('hello')));
    expect(compose(conversation('hello')).id).not.toBe(compose(conversation('hello!')).id);
  });

  it('describes what was shown', () => {
    const media: Part = { type: 'media', mime: 'image/png', bytes: 68, source: 'digest' };
    const turns: Conversation['turns'] = [{ role: 'user', parts: [media, { type: 'text', text: 'see' }] }];
    expect(said(conversation('', { turns }))).toBe('I see 1: image/png of 68 bytes.');
  });

  it('repeats the whole conversation on demand', () => {
    const turns: Conversation['turns'] = [
      { role: 'user', parts: [{ type: 'text', text: 'my name is Ada' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'hello Ada' }] },
      { role: 'user', parts: [{ type: 'text', text: 'recall' }] },
    ];
    expect(said(conversation('', { turns }))).toBe('user: my name is Ada | assistant: hello Ada | user: recall');
  });
});

describe('tool calls', () => {
  it('are made in parallel, with written or invented arguments', () => {
    expect(called(conversation('call look {"at":1}\ncall look\ncall listen {}'))).toEqual([
      ['look', { at: 1 }],
      ['look', { at: 3 }],
      ['listen', {}],
    ]);
  });

  it.each<{ name: string; more: Partial<Conversation>; calls: number }>([
    { name: 'one at a time when parallel ones are forbidden', more: { parallelCalls: 'single' }, calls: 1 },
    { name: 'not at all when tools are forbidden', more: { toolChoice: { mode: 'none' } }, calls: 0 },
    { name: 'not at all when none is declared', more: { tools: [] }, calls: 0 },
  ])('are made $name', ({ more, calls }) => {
    expect(called(conversation('call look {}\ncall listen {}', more))).toHaveLength(calls);
  });

  it('are made when forced, even if the prompt asks for none', () => {
    expect(called(conversation('hello', { toolChoice: { mode: 'tool', name: 'listen' } }))).toEqual([['listen', {}]]);
    expect(called(conversation('hello', { toolChoice: { mode: 'any' } }))).toEqual([['look', { at: 3 }]]);
  });

  it('go on step by step as results come in', () => {
    const prompt = 'call look {"at":1}\nthen\ncall listen {}\nthen\nsay: done';
    const round = (name: string): Conversation['turns'] => [
      { role: 'assistant', parts: [{ type: 'tool-call', id: name, name, input: {} }] },
      {
        role: 'user',
        parts: [{ type: 'tool-result', id: name, outcome: 'ok', parts: [{ type: 'text', text: 'ok' }] }],
      },
    ];
    const start = conversation(prompt).turns;
    expect(called(conversation('', { turns: [...start, ...round('look')] }))).toEqual([['listen', {}]]);
    expect(said(conversation('', { turns: [...start, ...round('look'), ...round('listen')] }))).toBe('done');
  });
});

describe('limits', () => {
  it('stops exactly at the token limit', () => {
    const answer = compose(conversation('words 500', { maxOutputTokens: 7 }));
    expect({ finish: answer.finish, tokens: answer.outputTokens }).toEqual({ finish: 'length', tokens: 7 });
    expect(countTokens(said(conversation('words 500', { maxOutputTokens: 7 })))).toBe(7);
  });

  it('counts thinking against it too', () => {
    const answer = compose(conversation('think: a b c d e f\nsay: x', { thinking: 'on', maxOutputTokens: 4 }));
    expect(answer).toMatchObject({
      finish: 'length',
      outputTokens: 4,
      thinkingTokens: 4,
      parts: [{ type: 'thinking', text: 'a b c d' }],
    });
  });

  it('cuts a call short in the middle of its arguments', () => {
    const answer = compose(conversation('call look {"at":123456789}', { maxOutputTokens: 3 }));
    expect(answer).toMatchObject({ finish: 'length', parts: [{ type: 'tool-call', inputText: '{"at":12' }] });
  });

  it('ends before a stop sequence', () => {
    const answer = compose(conversation('say: one END two', { stopSequences: ['two', 'END'] }));
    expect(answer).toMatchObject({ finish: 'stop-sequence', stopSequence: 'END', parts: [{ text: 'one ' }] });
  });
});

describe('a value for a schema', () => {
  it.each<{ name: string; schema: JsonObject; value: unknown }>([
    {
      name: 'an object of many kinds',
      schema: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          size: { type: 'integer', minimum: 5 },
          on: { type: 'boolean' },
          kind: { enum: ['a', 'b'] },
          list: { type: 'array', minItems: 2, items: { type: 'number' } },
          maybe: { type: ['null', 'string'], maxLength: 3 },
        },
      },
      value: { name: 'a name', size: 5, on: true, kind: 'a', list: [1, 1], maybe: 'a m' },
    },
    {
      name: 'a reference',
      schema: { $ref: '#/$defs/Point', $defs: { Point: { type: 'object', properties: { x: { const: 7 } } } } },
      value: { x: 7 },
    },
    {
      name: 'a choice',
      schema: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
      value: '2026-01-02',
    },
    {
      name: 'a combination',
      schema: { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] },
      value: { a: 1, b: 2 },
    },
  ])('$name', ({ schema, value }) => {
    expect(valueFromSchema(schema)).toEqual(value);
  });

  it('ends for a schema that contains itself', () => {
    const schema = { $ref: '#', properties: {} };
    expect(valueFromSchema(schema)).toBeNull();
  });
});
