import { unitsSaid, utf8Bytes } from './token-count.js';

const encoder = new TextEncoder();

const TEXTS = [
  '',
  'plain',
  'ö und ß',
  '中文',
  'a\u0000b',
  '🙂🙂',
  '\ud83d alone, and \ude42',
  // Longer than what is encoded at once, with a pair at every boundary it could have.
  '🙂'.repeat(9_000),
  `x${'🙂'.repeat(9_000)}`,
  'word '.repeat(10_000),
];

describe('utf8Bytes', () => {
  it.each(TEXTS.map((text) => ({ text, name: text.slice(0, 12) })))(
    'is what an encoder makes of "$name"',
    ({ text }) => {
      expect(utf8Bytes(text)).toBe(encoder.encode(text).length);
    },
  );
});

describe('unitsSaid', () => {
  it('counts what is said, at any depth, and no envelope', () => {
    const answer = {
      id: 'x'.repeat(400),
      content: [{ type: 'text', text: 'x'.repeat(40) }, { input: { a: 1, b: 'ö' } }],
    };
    expect(unitsSaid(answer)).toBe(Math.floor((40 + encoder.encode('{"a":1,"b":"ö"}').length) / 4));
  });
});
