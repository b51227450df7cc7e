import { readForm } from './multipart.js';

const encoded = async (form: FormData) => {
  const request = new Request('http://sim', { method: 'POST', body: form });
  return { type: request.headers.get('content-type') ?? '', raw: Buffer.from(await request.arrayBuffer()) };
};

describe('a form', () => {
  it('is read part by part, byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 7) % 256));
    const form = new FormData();
    form.append('prompt', 'a cat\r\n--with dashes');
    form.append('image[]', new File([bytes], 'one.png', { type: 'image/png' }));
    form.append('empty', '');
    const { type, raw } = await encoded(form);
    expect(readForm(type, raw)).toEqual([
      { name: 'prompt', filename: undefined, type: undefined, bytes: Buffer.from('a cat\r\n--with dashes') },
      { name: 'image[]', filename: 'one.png', type: 'image/png', bytes },
      { name: 'empty', filename: undefined, type: undefined, bytes: Buffer.alloc(0) },
    ]);
  });

  it('is nothing else', () => {
    expect(readForm('application/json', Buffer.from('{}'))).toBeUndefined();
  });

  it.each([
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=b', '--b\r\nno end'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut off'],
    ['multipart/form-data; boundary=b', 'another boundary'],
  ])('is refused when it is broken (%s, %j)', (type, body) => {
    expect(() => readForm(type, Buffer.from(body))).toThrow(/multipart/);
  });
});
