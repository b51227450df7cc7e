import { A, ask, C, G, lost, R, route, sent } from './testing/case.js';

describe('a file in bare base64', () => {
  const pdf = { type: 'file', file: { filename: 'a.pdf', file_data: 'JVBERi0=' } };
  it.each([
    [A, 'messages.0.content.0.source', { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }],
    [R, 'input.0.content.0.file_data', 'data:application/pdf;base64,JVBERi0='],
    [G, 'contents.0.parts.0.inlineData.data', 'JVBERi0='],
  ] as const)('of a Chat client is inline at %s', (target, path, expected) => {
    expect(sent(ask(route(C, target), { messages: [{ role: 'user', content: [pdf] }] }), path)).toEqual(expected);
  });
});

describe('a media type that clients misspell', () => {
  const shown = (url: string) => ({
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
  const heard = (mimeType: string) => ({
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType, data: 'AAAA' } }] }],
  });
  const block = (media_type: string) => ({ type: 'image', source: { type: 'base64', media_type, data: 'AA==' } });

  it.each([
    [C, A, shown('data:image/jpg;base64,AA=='), 'messages.0.content.0.source.media_type', 'image/jpeg'],
    [C, R, shown('data:image/jpg;base64,AA=='), 'input.0.content.0.image_url', 'data:image/jpeg;base64,AA=='],
    [C, G, shown('data:image/png;charset=utf-8;base64,AA=='), 'contents.0.parts.0.inlineData.mimeType', 'image/png'],
    [C, A, shown('DATA:image/png;base64,AA=='), 'messages.0.content.0.source.type', 'base64'],
    [
      A,
      C,
      { messages: [{ role: 'user', content: [block('image/jpg')] }] },
      'messages.0.content.0.image_url.url',
      'data:image/jpeg;base64,AA==',
    ],
    [G, A, heard('image/jpg'), 'messages.0.content.0.source.media_type', 'image/jpeg'],
    [G, C, heard('audio/mp3'), 'messages.0.content.0.input_audio.format', 'mp3'],
    [G, R, heard('audio/x-wav'), 'input.0.content.0.input_audio.format', 'wav'],
  ] as const)('goes from %s to %s by its name: %j', (client, target, fields, path, expected) => {
    const exchange = ask(route(client, target), fields);
    expect(sent(exchange, path)).toBe(expected);
    expect(lost(exchange).filter((loss) => loss.startsWith('L1'))).toEqual([]);
  });
});
