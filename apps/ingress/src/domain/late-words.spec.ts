import { lateWords } from './late-words.js';

describe('lateWords', () => {
  it.each([
    { sent: [], known: ['content-type', 'text/event-stream', 'x-vendor', 'y'], words: [] },
    { sent: ['X-Model-Alias', 'a -> b'], known: ['X-Model-Alias', 'a -> b'], words: [] },
    { sent: [], known: ['x-gateway-warnings', 'L60'], words: ['x-gateway-warnings: L60'] },
    {
      sent: ['content-type', 'x', 'X-Model-Alias', 'a -> b'],
      known: ['X-Model-Alias', 'a -> c', 'x-gateway-warnings', 'L60, L61'],
      words: ['x-model-alias: a -> c', 'x-gateway-warnings: L60, L61'],
    },
  ])('$known after $sent', ({ sent, known, words }) => {
    expect(lateWords(sent, known)).toEqual(words);
  });
});
