import fc from 'fast-check';

import { textBytes } from './text-bytes.js';

const encoder = new TextEncoder();
const ascii = (text: string): string =>
  text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('the bytes of a text', () => {
  it.each([
    ['as they are', (text: string) => JSON.stringify(text)],
    ['in nothing but ASCII', (text: string) => ascii(JSON.stringify(text))],
  ])('are those of its UTF-8, written %s', (_, write) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, behind) => {
        const record = encoder.encode(`{"text":${write(text)},"next":${JSON.stringify(behind)}}`);
        expect(textBytes(record, '{"text":'.length)).toBe(encoder.encode(text).length);
      }),
    );
  });

  it('are told of every escape by its digits, whatever their case', () => {
    const units = Array.from({ length: 0x1_00_00 }, (_, unit) => unit).filter(
      (unit) => unit < 0xd8_00 || unit > 0xdf_ff,
    );
    const digits = (unit: number): string => unit.toString(16).padStart(4, '0');
    const text = String.fromCharCode(...units.slice(0, 0x80_00)) + String.fromCharCode(...units.slice(0x80_00));
    const lower = units.map((unit) => `\\u${digits(unit)}`).join('');
    const upper = units.map((unit) => `\\u${digits(unit).toUpperCase()}`).join('');
    const written = [lower, upper].map((escaped) => textBytes(encoder.encode(`"${escaped}"`), 0));
    expect(written).toEqual([encoder.encode(text).length, encoder.encode(text).length]);
  });

  it.each(['"\\u"', '"\\u12"', '"\\u\\u"', '"\\uzzzz"', '"\\\\"'])('are never fewer than none: %s', (written) => {
    expect(textBytes(encoder.encode(written), 0)).toBeGreaterThanOrEqual(1);
  });

  it('are none where there is no text', () => {
    expect(textBytes(encoder.encode('{"a":null}'), '{"a":'.length)).toBe(0);
  });
});
