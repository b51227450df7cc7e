import type { JsonObject, ProtocolName } from '@bytespike/kernel';

import { toDeepSeek } from '../testing/exchange-options.js';
import { countAnswer, estimatedTokens, vendorQuestion } from './count-request.js';
import { counterOf } from './counters.js';
import { imageSize } from './image-size.js';
import { mediaTokens } from './media-tokens.js';
import { textTokens } from './text-tokens.js';

const estimate = (body: object, client: ProtocolName = 'anthropic-messages') =>
  estimatedTokens(client, JSON.stringify(body));
const way = (client: ProtocolName, target: ProtocolName) => ({
  ...toDeepSeek,
  client,
  target,
  upstreamModel: 'upstream',
});
const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello there, how are you today?' }] };

describe('an estimate', () => {
  it.each([
    { name: 'nothing', text: '', between: [0, 0] },
    { name: 'a word', text: 'Hello', between: [1, 2] },
    { name: 'a sentence', text: 'The quick brown fox jumps over the lazy dog.', between: [10, 15] },
    { name: 'Chinese', text: '人工智能正在改变我们的生活', between: [6, 9] },
    { name: 'Cyrillic', text: 'Искусственный интеллект', between: [5, 9] },
    { name: 'an emoji', text: '😀', between: [1, 2] },
    { name: 'indentation, which is cheap', text: `a\n${' '.repeat(40)}b`, between: [2, 10] },
  ])('of $name', ({ text, between: [least, most] }) => {
    const tokens = Math.ceil(textTokens(text));
    expect(tokens).toBeGreaterThanOrEqual(least!);
    expect(tokens).toBeLessThanOrEqual(most!);
  });

  it('counts instructions, tools, turns, calls and results', () => {
    const tool = { name: 'look', description: 'Looks a thing up', input_schema: { type: 'object', properties: {} } };
    const bodies: JsonObject[] = [
      hello,
      { ...hello, system: 'Be brief.' },
      { ...hello, tools: [tool] },
      { ...hello, messages: [...hello.messages, { role: 'assistant', content: 'Fine.' }] },
    ];
    const [alone, ...grown] = bodies.map((body) => estimate(body));
    expect(grown.every((tokens) => tokens > alone!)).toBe(true);
  });

  it('says the same of the same words in every dialect that asks', () => {
    const said = 'Hello there, how are you today?';
    expect(estimate({ model: 'm', messages: [{ role: 'user', content: said }] })).toBe(
      estimate({ model: 'm', messages: [{ role: 'user', content: said }] }, 'openai-chat'),
    );
  });

  it('refuses a body that is none', () => {
    expect(() => estimatedTokens('anthropic-messages', '[]')).toThrow('body');
    expect(() => estimate({ model: 'm', messages: 'x' })).toThrow('messages');
  });
});

/** The first bytes of a picture that is 1600 by 900. */
const PNG = Buffer.from([
  0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 6, 64, 0, 0, 3, 132,
]);
const GIF = Buffer.from([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x40, 6, 0x84, 3]);
const JPEG = Buffer.from([
  ...[0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 2, 3, 4],
  ...[0xff, 0xc0, 0, 11, 8, 3, 132, 6, 64, 1, 1, 0x11, 0],
]);

describe('a picture', () => {
  it.each([
    { name: 'PNG', bytes: PNG },
    { name: 'GIF', bytes: GIF },
    { name: 'JPEG', bytes: JPEG },
  ])('says its size as $name', ({ bytes }) => {
    expect(imageSize(bytes.toString('base64'))).toEqual({ width: 1600, height: 900 });
  });

  it('has no size where its header is cut or unknown', () => {
    expect([imageSize(''), imageSize('????'), imageSize(JPEG.subarray(0, 12).toString('base64'))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('costs by its tiles, and a file by its length', () => {
    const inline = (kind: 'image' | 'pdf', base64: string) =>
      mediaTokens({ type: 'media', kind, source: { type: 'inline', mediaType: 'x', base64 } });
    expect(inline('image', PNG.toString('base64'))).toBe(6 * 258);
    expect(inline('image', 'AAAA')).toBe(258);
    expect(inline('pdf', 'A'.repeat(64_000))).toBe(2_000);
    expect(mediaTokens({ type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.test/i' } })).toBe(258);
  });
});

describe('a question for a vendor', () => {
  const request = {
    model: 'upstream',
    temperature: 1,
    max_tokens: 5,
    max_output_tokens: 5,
    store: false,
    stream: false,
  };

  it.each([
    {
      wire: 'anthropic-messages',
      asked: { ...request, messages: [], system: 's', tools: [] },
      question: { model: 'upstream', messages: [], system: 's', tools: [] },
      answer: { input_tokens: 7 },
    },
    {
      wire: 'openai-responses',
      asked: { ...request, input: [], instructions: 'i', tools: [], include: [] },
      question: { model: 'upstream', input: [], instructions: 'i', tools: [] },
      answer: { object: 'response.input_tokens', input_tokens: 7 },
    },
    {
      wire: 'gemini-generate',
      asked: { contents: [], generationConfig: {} },
      question: { generateContentRequest: { model: 'models/upstream', contents: [], generationConfig: {} } },
      answer: { totalTokens: 7 },
    },
  ] as const)(
    'holds what becomes a prompt, and its answer is read and written: $wire',
    ({ wire, asked, question, answer }) => {
      const counter = counterOf(wire)!;
      expect(counter.asQuestion(asked, 'upstream')).toEqual(question);
      expect(counter.read(answer)).toBe(7);
      expect(counter.write(7)).toEqual(answer);
      expect([undefined, {}, { input_tokens: -1, totalTokens: 1.5 }].map((bad) => counter.read(bad))).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    },
  );

  it('is one of contents or of a whole request at Gemini', () => {
    const { asRequest } = counterOf('gemini-generate')!;
    const whole = { contents: [], systemInstruction: {} };
    expect([whole, { generateContentRequest: whole }, { generate_content_request: whole }].map(asRequest)).toEqual([
      whole,
      whole,
      whole,
    ]);
  });

  it('is translated without regard to what a generation would lose', () => {
    const body = { ...hello, top_k: 5, stop_sequences: ['x'], tools: [] };
    const options = way('openai-chat', 'anthropic-messages');
    const question = vendorQuestion(JSON.stringify({ ...body, n: 3, messages: hello.messages }), options);
    expect(JSON.parse(question.body)).toMatchObject({ model: 'upstream', messages: [{ role: 'user' }] });
    expect(JSON.parse(question.body)).not.toHaveProperty('max_tokens');
    expect([question.read('{"input_tokens":9}'), question.read('<html>')]).toEqual([9, undefined]);
  });

  it('has no answer on Chat, which no client asks', () => {
    expect(() => countAnswer('openai-chat', 1)).toThrow('not counted');
    expect(() => vendorQuestion('{}', way('anthropic-messages', 'openai-chat'))).toThrow('no counter');
    expect(countAnswer('gemini-generate', 3)).toBe('{"totalTokens":3}');
  });
});
