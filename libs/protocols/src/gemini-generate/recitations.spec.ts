import { A, at, C, folded, G, R, route, told } from '../testing/case.js';
import { gemini } from '../testing/vendor-chunks.js';
import { recitationsOf } from './recitations-to-ir.js';

const source = { startIndex: 4, endIndex: 8, uri: 'https://work.example', license: 'mit' };
const cited = (name: string) => ({ finishReason: 'STOP', citationMetadata: { [name]: [source] } });

describe.each(['citationSources', 'citations'])('a work that an answer repeats, told as %s', (name) => {
  const answer = gemini([{ text: 'Æé ångström' }], cited(name));

  it.each([A, C, R, G])('is told to a %s client', (client) => {
    expect(JSON.stringify(told(route(client, G), answer))).toContain('https://work.example');
  });

  it('is at the characters that its bytes are, streamed or not', async () => {
    const chunks = [
      gemini([{ text: 'Æé ång' }], { ...cited(name), finishReason: undefined }),
      gemini([{ text: 'ström' }], cited(name)),
    ];
    for (const body of [told(route(C, G), answer), await folded(route(C, G), chunks)]) {
      expect(at(body, 'choices.0.message.annotations')).toMatchObject([
        { url_citation: { url: 'https://work.example', start_index: 2, end_index: 5 } },
      ]);
    }
  });
});

describe('a repeated work', () => {
  const said = (index: number, text: string, open: boolean) => ({ index, wirePart: index, text, open });

  it('is cited in a text that is still open', () => {
    const work = { uri: 'https://work.example', startIndex: 1, endIndex: 2 };
    const texts = [said(0, 'First.', false), said(1, 'Second.', true)];
    expect(recitationsOf([work, { ...work, startIndex: 7, endIndex: 9 }], texts)).toEqual([
      { index: 1, citation: { url: work.uri } },
      { index: 1, citation: { url: work.uri, start: 1, end: 3 } },
    ]);
  });

  it('is nothing without an address or a text', () => {
    expect(recitationsOf([{ startIndex: 0 }], [said(0, 'Hi', true)])).toEqual([]);
    expect(recitationsOf([source], [])).toEqual([]);
  });
});
