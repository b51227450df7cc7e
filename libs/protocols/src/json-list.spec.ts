import fc from 'fast-check';

import { createListSplitter } from './json-list.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function split(chunks: readonly Uint8Array[]): { records: string[]; rest: string } {
  const splitter = createListSplitter();
  const records: string[] = [];
  for (const chunk of chunks) splitter.push(chunk, (record) => records.push(decode(record)));
  return { records, rest: decode(splitter.rest()) };
}

describe('createListSplitter', () => {
  it('ends a record with each element, and the last with the list', () => {
    expect(split([encode('[{"a":"]}\\"{"}\n,\n{"b":[{}]}\n]\n')])).toEqual({
      records: ['[{"a":"]}\\"{"}', '\n,\n{"b":[{}]}', '\n]'],
      rest: '\n',
    });
  });

  it('keeps what has not ended', () => {
    expect(split([encode('[{"a":1},{"b"')])).toEqual({ records: ['[{"a":1}'], rest: ',{"b"' });
  });

  it('finds the same elements however the bytes are cut and the text is laid out', () => {
    const objects = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 4 });
    fc.assert(
      fc.property(objects, fc.nat(3), fc.array(fc.nat(400), { maxLength: 8 }), (elements, indent, at) => {
        const bytes = encode(JSON.stringify(elements, null, indent));
        const edges = [0, ...at.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
        const whole = split([bytes]);
        expect(split(edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge)))).toEqual(whole);
        expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
        expect(whole.records.join('') + whole.rest).toBe(decode(bytes));
        const found = whole.records.slice(0, -1).map((record) => JSON.parse(record.replace(/^\s*[[,]/, '')));
        expect(found).toEqual(JSON.parse(decode(bytes)));
      }),
    );
  });

  it('refuses an element over the limit', () => {
    const push = (text: string) => createListSplitter(10).push(encode(text), () => undefined);
    expect(() => push('[{"a":"12345')).toThrow('longer than 10 bytes');
    expect(() => push('[{"a":"12345"}')).toThrow('longer than 10 bytes');
  });
});
