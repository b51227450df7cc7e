import { readGeminiPath } from './gemini-path.js';

describe('readGeminiPath', () => {
  it.each([
    { path: 'models/gemini-3-pro:generateContent', model: 'gemini-3-pro', operation: 'generate', stream: false },
    { path: 'models/gemini-3-pro:streamGenerateContent', model: 'gemini-3-pro', operation: 'generate', stream: true },
    { path: 'models/gemini-3-pro:countTokens', model: 'gemini-3-pro', operation: 'count', stream: false },
    { path: 'gemini-3-pro:generateContent', model: 'gemini-3-pro', operation: 'generate', stream: false },
    { path: 'models/models/gemini-3-pro:generateContent', model: 'gemini-3-pro', operation: 'generate', stream: false },
    {
      path: 'projects/p/locations/l/publishers/google/models/gemini-3-pro:generateContent',
      model: 'gemini-3-pro',
      operation: 'generate',
      stream: false,
    },
    { path: 'models/house/model:generateContent', model: 'house/model', operation: 'generate', stream: false },
  ])('reads $path', ({ path, ...call }) => {
    expect(readGeminiPath(path)).toEqual(call);
  });

  it.each(['models/gemini-3-pro', 'models/gemini-3-pro:embedContent', ':generateContent', 'models/x:toString', ''])(
    'reads no call in "%s"',
    (path) => {
      expect(readGeminiPath(path)).toBeUndefined();
    },
  );
});
