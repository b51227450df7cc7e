import { isJsonObject, parseJson, tryParseJson } from './json.js';

describe('parseJson', () => {
  it('reads JSON', () => {
    expect(parseJson('{"a":[1,null]}')).toEqual({ a: [1, null] });
  });

  it('never repeats the text it could not read', () => {
    const secret = 'the prompt of a customer';
    expect(() => parseJson(`{"content":"${secret}`)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
    expect(() => parseJson(`{"content":"${secret}`)).not.toThrow(secret);
    // A logger prints causes too.
    expect(() => parseJson(secret)).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});

describe('tryParseJson', () => {
  it.each(['', '{', 'undefined'])('answers nothing for "%s"', (text) => {
    expect(tryParseJson(text)).toBeUndefined();
  });
});

describe('isJsonObject', () => {
  it.each([
    { value: {}, is: true },
    { value: [], is: false },
    { value: null, is: false },
    { value: 'x', is: false },
  ])('says $is for $value', ({ value, is }) => {
    expect(isJsonObject(value)).toBe(is);
  });
});
