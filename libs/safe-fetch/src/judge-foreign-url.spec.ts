import { judgeForeignUrl, LOCAL_ADDRESS_RULES, PUBLIC_ADDRESS_RULES } from './index.js';

describe('judgeForeignUrl', () => {
  it.each([
    'https://media.example/a.png',
    'https://a.internal.example/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('takes %s', (text) => {
    expect(judgeForeignUrl(text, PUBLIC_ADDRESS_RULES).href).toBe(text);
  });

  it.each([
    ...['http://media.example/', 'https://user@media.example/', 'https://0x7f.1/', 'https:\\\\127.0.0.1\\'],
    ...[
      'https://127.0.0.1/',
      'https://10.0.0.1/',
      'https://169.254.169.254/',
      'https://100.64.0.1/',
      'https://0.0.0.0/',
    ],
    ...['https://[::1]/', 'https://[fd00::1]/', 'https://[::ffff:a00:1]/', 'https://[64:ff9b::7f00:1]/'],
    ...['https://localhost/', 'https://a.localhost/', 'https://metadata/', 'https://metadata.google.internal/'],
    ...['https://printer.local/', 'https://nobody.invalid/', 'https://router.home.arpa/'],
  ])('refuses %s in the one way', (text) => {
    expect(() => judgeForeignUrl(text, PUBLIC_ADDRESS_RULES)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', message: 'the address cannot be used' }),
    );
  });

  it.each(['http://127.0.0.1:8090/', 'http://localhost:3000/', 'https://vendor.internal/'])(
    'takes %s where all of us are local',
    (text) => {
      expect(judgeForeignUrl(text, LOCAL_ADDRESS_RULES).href).toBe(text);
    },
  );

  it.each(['http://10.0.0.1/', 'http://169.254.169.254/'])('refuses %s there too', (text) => {
    expect(() => judgeForeignUrl(text, LOCAL_ADDRESS_RULES)).toThrow('the address cannot be used');
  });
});
