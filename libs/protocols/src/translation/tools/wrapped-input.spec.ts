import fc from 'fast-check';

import { openInputReader, wrapInput } from './wrapped-input.js';

/** What is read of arguments that come in these pieces, and the longest wait for any of it. */
function read(pieces: readonly string[]): string {
  const reader = openInputReader();
  return pieces.map((piece) => reader.push(piece)).join('') + reader.end();
}

/** A text cut at these places, in order. */
const cut = (text: string, places: readonly number[]): readonly string[] => {
  const at = [0, ...places.map((place) => place % (text.length + 1)), text.length].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

describe('the input of a wrapped call', () => {
  it('is read whatever it is, and however its arguments are cut', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(500), { maxLength: 8 }), (text, places) => {
        expect(read(cut(wrapInput(text), places))).toBe(text);
      }),
    );
  });

  it('is read as it comes, never half a character of it', () => {
    const reader = openInputReader();
    expect([...'{ "input" : "a\\u00e9'].map((unit) => reader.push(unit)).join('')).toBe('aé');
    expect(reader.push('\\ud83d')).toBe('');
    expect(reader.push('\\ude00b')).toBe('😀b');
  });

  it.each([
    ['with line ends that nobody escaped', '{"input":"a\nb"}', 'a\nb'],
    ['with an escape that means nothing', '{"input":"\\d+"}', '\\d+'],
    ['under another name', '{"patch":"text"}', 'text'],
    ['behind another member', '{"why":"x","input":"text"}', 'text'],
    ['bare', 'just text', 'just text'],
    ['as a string', '"text"', 'text'],
    ['as an object of its own', '{"a":1,"b":2}', '{"a":1,"b":2}'],
    ['not at all', '', ''],
  ])('is found %s', (_how, wrapped, text) => {
    expect(read([wrapped])).toBe(text);
    expect(read([...wrapped])).toBe(text);
  });
});
