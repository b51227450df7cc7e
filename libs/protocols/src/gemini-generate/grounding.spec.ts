import fc from 'fast-check';

import { bytesUpTo, pointAtByte, pointsBetween } from './byte-offsets.js';
import { addSearch, groundingFromIr, UNGROUNDED } from './grounding-from-ir.js';
import { citationsOf, searchParts, type SaidText } from './grounding-to-ir.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe('byte offsets', () => {
  it('become code points and back, whatever the script', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'é', '京', '🌞', '\u0301', '👩‍👩‍👧') });
    fc.assert(
      fc.property(texts, fc.nat(), (text, at) => {
        const points = [...text];
        const cut = points.length === 0 ? 0 : at % (points.length + 1);
        const before = points.slice(0, cut).join('');
        expect(bytesUpTo(text, cut)).toBe(bytes(before));
        expect(pointAtByte(text, bytes(before))).toBe(cut);
        expect(pointsBetween(text, 0, cut)).toBe(before);
      }),
    );
  });

  it('inside a character count as its beginning', () => {
    expect([0, 1, 2, 3, 4, 5, 99].map((byte) => pointAtByte('🌞a', byte))).toEqual([0, 0, 0, 0, 1, 2, 2]);
  });
});

const chunks = [{ web: { uri: 'https://a.example', title: 'A' } }, { web: { uri: 'https://b.example' } }, { maps: {} }];
const said = (index: number, wirePart: number, text: string, open = true): SaidText => ({
  index,
  wirePart,
  text,
  open,
});
interface Segment {
  readonly partIndex?: number;
  readonly startIndex?: number;
  readonly endIndex?: number;
  readonly text?: string;
}

const grounded = (segment: Segment, groundingChunkIndices = [0]) => ({
  groundingChunks: chunks,
  groundingSupports: [{ segment: { ...segment }, groundingChunkIndices }],
});

describe('what supports an answer', () => {
  const text = '東京 is sunny. 🌞!';

  it.each([
    {
      name: 'is placed by bytes in the part that is numbered',
      texts: [said(0, 0, text)],
      segment: { startIndex: 7, endIndex: bytes('東京 is sunny.'), text: 'is sunny.' },
      told: { index: 0, start: 3, end: 12, citedText: 'is sunny.' },
    },
    {
      name: 'counts parts that are no text',
      texts: [said(1, 1, 'No.'), said(3, 3, text)],
      segment: { partIndex: 3, endIndex: 6, text: '東京' },
      told: { index: 3, start: 0, end: 2, citedText: '東京' },
    },
    {
      name: 'is found in the first text where the number means none',
      texts: [said(1, 1, text)],
      segment: { startIndex: 17, endIndex: 21, text: '🌞' },
      told: { index: 1, start: 13, end: 14, citedText: '🌞' },
    },
    {
      name: 'is found by its words where the offsets are wrong',
      texts: [said(0, 0, 'First.'), said(2, 2, text)],
      segment: { startIndex: 1, endIndex: 4, text: 'sunny' },
      told: { index: 2, start: 6, end: 11, citedText: 'sunny' },
    },
    {
      name: 'is quoted in an open text where its own has ended',
      texts: [said(0, 0, text, false), said(2, 2, 'More.')],
      segment: { endIndex: 6, text: '東京' },
      told: { index: 2, citedText: '東京' },
    },
    {
      name: 'is the whole of a text where no end is said',
      texts: [said(0, 0, text)],
      segment: {},
      told: { index: 0, start: 0, end: 15, citedText: text },
    },
  ])('$name', ({ texts, segment, told }) => {
    const { index, ...citation } = told;
    expect(citationsOf(grounded(segment), texts)).toEqual([
      { index, citation: { url: 'https://a.example', title: 'A', ...citation } },
    ]);
  });

  it('is one citation per source, and none for a source without an address', () => {
    const citations = citationsOf(grounded({ endIndex: 6, text: '東京' }, [0, 1, 2, 9]), [said(0, 0, text)]);
    expect(citations.map(({ citation }) => citation.url)).toEqual(['https://a.example', 'https://b.example']);
  });

  it('is nothing where nothing was said', () => {
    expect(citationsOf(grounded({ endIndex: 6 }), [])).toEqual([]);
    expect(citationsOf({ groundingSupports: [{ groundingChunkIndices: [0] }] }, [said(0, 0, text)])).toEqual([]);
    expect(searchParts({}, 'r')).toEqual([]);
  });
});

describe('what supports an answer of another vendor', () => {
  it('is told in bytes of the part, behind what was written of it before', () => {
    const search = addSearch(
      addSearch(UNGROUNDED, { type: 'server-tool-call', id: 's', family: 'web-search', input: { query: 'sun' } }),
      {
        type: 'server-tool-result',
        callId: 's',
        family: 'web-search',
        sources: [{ url: 'https://a.example', title: 'A' }],
      },
    );
    const citations = [
      { index: 4, citation: { url: 'https://a.example', start: 1, end: 3 } },
      { index: 4, citation: { url: 'https://c.example', title: 'C' } },
      { index: 9, citation: { url: 'https://nowhere.example' } },
      { index: 4, citation: { title: 'no address' } },
    ];
    const texts = { 4: { wirePart: 2, bytesBefore: 10, text: '🌞京!' } };
    expect(groundingFromIr({ ...search, citations }, texts)).toEqual({
      webSearchQueries: ['sun'],
      groundingChunks: [
        { web: { uri: 'https://a.example', title: 'A' } },
        { web: { uri: 'https://c.example', title: 'C' } },
      ],
      groundingSupports: [
        { segment: { partIndex: 2, startIndex: 14, endIndex: 18, text: '京!' }, groundingChunkIndices: [0] },
        { segment: { partIndex: 2, startIndex: 10, endIndex: 18, text: '🌞京!' }, groundingChunkIndices: [1] },
      ],
    });
  });

  it('is nothing without a search, and leaves tools of other kinds out', () => {
    expect(groundingFromIr(UNGROUNDED, {})).toBeUndefined();
    const code = { type: 'server-tool-call', id: 'c', family: 'code', input: { query: 'x' } } as const;
    expect(addSearch(UNGROUNDED, code)).toBe(UNGROUNDED);
  });
});
