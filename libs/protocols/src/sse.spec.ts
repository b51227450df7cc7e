import fc from 'fast-check';

import { wordTable } from './json-scan.js';
import { createSseSplitter, readSseRecord, sseEventWord } from './sse.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function split(chunks: readonly Uint8Array[]): { records: string[]; rest: string } {
  const splitter = createSseSplitter();
  const records: string[] = [];
  for (const chunk of chunks) splitter.push(chunk, (record) => records.push(decode(record)));
  return { records, rest: decode(splitter.rest()) };
}

const line = fc.constantFrom('data: {"a":"é🙂"}', 'event: x', ': comment', 'data', '');
const newline = fc.constantFrom('\n', '\r\n', '\r');
const stream = fc
  .tuple(newline, fc.array(line, { maxLength: 12 }))
  .map(([ending, lines]) => lines.map((text) => text + ending).join(''));

describe('createSseSplitter', () => {
  it('finds the same records however the bytes are cut', () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 8 });
    fc.assert(
      fc.property(stream, cuts, (text, at) => {
        const bytes = encode(`${text}data: tail`);
        const edges = [0, ...at.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const whole = split([bytes]);
        expect(split(chunks)).toEqual(whole);
        expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
        expect(whole.records.join('') + whole.rest).toBe(decode(bytes));
      }),
    );
  });

  it.each(['\n', '\r\n', '\r'])('ends a record at a blank line ended by %j', (ending) => {
    const { records, rest } = split([encode(['data: 1', '', 'data: 2', '', 'x'].join(ending))]);
    expect(records).toEqual([`data: 1${ending}${ending}`, `data: 2${ending}${ending}`]);
    expect(rest).toBe('x');
  });

  it('refuses a record over the limit', () => {
    const splitter = createSseSplitter(10);
    expect(() => splitter.push(encode('data: 12345678'), () => undefined)).toThrow('longer than 10 bytes');
    expect(() => createSseSplitter(10).push(encode('data: 12345678\n\n'), () => undefined)).toThrow('longer than 10');
  });
});

describe('reading a record', () => {
  it('joins data lines and drops comments', () => {
    expect(readSseRecord(encode(': c\nevent:a\ndata: 1\ndata:2\n\n'))).toEqual({ event: 'a', data: '1\n2' });
  });

  it('tells an event name without decoding the rest', () => {
    const names = wordTable(['message_start', 'message_stop']);
    expect(sseEventWord(encode('event: message_stop\r\ndata: {}\r\n\r\n'), names)).toBe(1);
    expect(sseEventWord(encode('event:message_start\n\n'), names)).toBe(0);
    expect(sseEventWord(encode('event: ping\ndata: {}\n\n'), names)).toBe(-1);
    expect(sseEventWord(encode('data: {}\n\n'), names)).toBe(-2);
  });
});
