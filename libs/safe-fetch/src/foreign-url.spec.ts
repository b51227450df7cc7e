import { readForeignUrl } from './foreign-url.js';
import { LOCAL_ADDRESS_RULES, PUBLIC_ADDRESS_RULES } from './index.js';

const judge = (text: string): string => {
  try {
    return readForeignUrl(text, PUBLIC_ADDRESS_RULES).href;
  } catch (thrown) {
    const { kind, message } = thrown as { kind: string; message: string };
    return `${kind}: ${message}`;
  }
};

describe('readForeignUrl', () => {
  it.each([
    { text: 'https://media.example/a.png', href: 'https://media.example/a.png' },
    { text: 'https://media.example:443/a.png?b=c&d=%20', href: 'https://media.example/a.png?b=c&d=%20' },
    { text: 'HTTPS://Media.EXAMPLE', href: 'https://media.example/' },
    { text: 'https://media.example/a@b', href: 'https://media.example/a@b' },
    { text: 'https://media.example/a#part', href: 'https://media.example/a' },
    { text: 'https://b\u00fccher.example/', href: 'https://xn--bcher-kva.example/' },
    { text: 'https://1.1.1.1/', href: 'https://1.1.1.1/' },
    { text: 'https://[2606:4700::1111]:443/', href: 'https://[2606:4700::1111]/' },
  ])('takes $text', ({ text, href }) => {
    expect(judge(text)).toBe(href);
  });

  it.each([
    {
      what: 'nothing',
      texts: ['', ' ', 'media.example', '//media.example/', '/a', '?', 'https://', 'https:///', 'https://?'],
    },
    {
      what: 'other schemes',
      texts: [
        'http://media.example/',
        'ftp://media.example/',
        'file:///etc/passwd',
        'gopher://media.example/',
        'data:image/png;base64,aaaa',
        'javascript:alert(1)',
        'ws://media.example/',
        'wss://media.example/',
        'dict://media.example:443/',
        'ldap://media.example/',
        'jar:https://media.example/!/',
        'blob:https://media.example/1',
        'unix:/run/docker.sock',
      ],
    },
    {
      what: 'userinfo',
      texts: [
        'https://user@media.example/',
        'https://user:password@media.example/',
        'https://@media.example/',
        'https://:@media.example/',
        'https://media.example@127.0.0.1/',
        'https://media.example%40127.0.0.1/',
        'https://127.0.0.1@media.example/',
        'https://media.example:443@127.0.0.1/',
      ],
    },
    {
      what: 'other ports',
      texts: [
        'https://media.example:80/',
        'https://media.example:22/',
        'https://media.example:8443/',
        'https://media.example:0/',
        'https://media.example:65536/',
        'https://media.example:x/',
        'https://media.example:443:443/',
      ],
    },
    {
      what: 'slashes that readers disagree about',
      texts: [
        'https:/media.example/',
        'https:media.example/',
        'https:///media.example/',
        'https:\\\\media.example\\',
        'https://media.example\\@127.0.0.1/',
        'https://127.0.0.1\\.media.example/',
        'https:/\\media.example/',
      ],
    },
    {
      what: 'space and control characters',
      texts: [
        ' https://media.example/',
        'https://media.example/ ',
        'https://media.exam\tple/',
        'https://media.exam\nple/',
        'ht\ntps://media.example/',
        'https://media.example/a\r\nhost: b',
        'https://media.example/\0',
        'https://media.example\u3000/',
        'https://media.example/\u0085',
      ],
    },
    {
      what: 'loopback in other spellings',
      texts: [
        'https://2130706433/',
        'https://0x7f000001/',
        'https://0x7f.1/',
        'https://017700000001/',
        'https://0177.0.0.1/',
        'https://0177.0.0.01/',
        'https://127.1/',
        'https://127.0.1/',
        'https://127.0.0.1./',
        'https://127.0.0.1%2e/',
        'https://%31%32%37.0.0.1/',
        'https://127\u30020\u30020\u30021/',
        'https://127\uff0e0\uff0e0\uff0e1/',
        'https://\u2460\u2461\u2466.0.0.1/',
        'https://\uff11\uff12\uff17.0.0.1/',
        'https://00000127.0.0.1/',
        'https://127.00.0.1/',
        'https://0/',
        'https://0x0/',
        'https://256.256.256.256/',
        'https://4294967296/',
        'https://127.0.0.1.1/',
      ],
    },
    {
      what: 'a public address in other spellings',
      texts: [
        'https://16843009/',
        'https://0x01010101/',
        'https://1.1/',
        'https://01.01.01.01/',
        'https://[2606:4700:0::1111]/',
        'https://[2606:4700:0000::1111]/',
      ],
    },
    {
      what: 'IPv6 in other spellings',
      texts: [
        'https://[::1%25lo]/',
        'https://[::1%lo]/',
        'https://[fe80::1%25eth0]/',
        'https://::1/',
        'https://[::1/',
        'https://[0:0:0:0:0:0:0:1]/',
        'https://[::ffff:127.0.0.1]/',
        'https://[::127.0.0.1]/',
        'https://[v1.a]/',
        'https://[]/',
        'https://[127.0.0.1]/',
      ],
    },
    {
      what: 'trailing dots',
      texts: [
        'https://media.example./',
        'https://localhost./',
        'https://media.example../',
        'https://media.example\u3002/',
      ],
    },
    {
      what: 'no name',
      texts: [
        'https://media..example%/',
        'https://exa mple/',
        'https://a^b/',
        'https://a|b/',
        'https://<a>/',
        'https://xn--\u00e4/',
        'https://%00/',
        'https://a%00.example/',
      ],
    },
    { what: 'a very long address', texts: [`https://media.example/${'a'.repeat(8_192)}`] },
  ])('refuses $what', ({ texts }) => {
    expect(texts.filter((text) => judge(text) !== 'invalid-request: the address cannot be used')).toEqual([]);
  });

  it.each(['http://127.0.0.1:8090/a', 'http://localhost:3000/', 'https://[::1]:8443/'])(
    'takes %s where all of us are local',
    (text) => {
      expect(readForeignUrl(text, LOCAL_ADDRESS_RULES).href).toBe(text);
    },
  );

  it.each(['ftp://127.0.0.1/', 'http://user@127.0.0.1/', 'http://127.1:8090/', 'http://2130706433/'])(
    'refuses %s there too',
    (text) => {
      expect(() => readForeignUrl(text, LOCAL_ADDRESS_RULES)).toThrow('the address cannot be used');
    },
  );
});
