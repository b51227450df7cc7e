import fc from 'fast-check';

import { holdsCapsule } from './holds-capsule.js';

const encode = (text: string) => new TextEncoder().encode(text);

describe('holdsCapsule', () => {
  it('agrees with a plain search on any text', () => {
    const text = fc.array(fc.constantFrom('g', 'w', 'c', '1', '.', 'gwc', 'gwc1.', 'ggw'), { maxLength: 12 });
    fc.assert(fc.property(text, (parts) => holdsCapsule(encode(parts.join(''))) === parts.join('').includes('gwc1.')));
  });

  it('knows one in a field of bytes', () => {
    const sealed = `gwc1.${Buffer.from('{"protocol":"openai-chat"}').toString('base64url')}.mac`;
    expect(holdsCapsule(encode(Buffer.from(sealed).toString('base64')))).toBe(true);
    expect(holdsCapsule(encode(Buffer.from(sealed).toString('base64url')))).toBe(true);
  });
});
