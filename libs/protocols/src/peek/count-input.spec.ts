import type { ProtocolName } from '@bytespike/kernel';
import fc from 'fast-check';

import { countInput, peekBody } from '../registry.js';

const encode = (text: string) => new TextEncoder().encode(text);
const inAscii = (json: string): string =>
  json.replace(/[^ -~\s]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** How clients write the same body. */
const WRITINGS: readonly (readonly [string, (body: unknown) => string])[] = [
  ['in nothing but ASCII', (body) => inAscii(JSON.stringify(body))],
  ['over many lines', (body) => JSON.stringify(body, null, 8)],
  ['with its slashes escaped', (body) => JSON.stringify(body).replaceAll('/', '\\/')],
  ['with blanks around it', (body) => `${' '.repeat(400_000)}${JSON.stringify(body)}\n`],
];

const base64 = 'A/+b'.repeat(1_000);
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } };
const bodies: readonly (readonly [ProtocolName, (text: string) => object])[] = [
  ['anthropic-messages', (text) => ({ messages: [{ role: 'user', content: [{ type: 'text', text }, image] }] })],
  ['openai-chat', (text) => ({ messages: [{ role: 'user', content: text }], tools: [{ description: text }] })],
  ['openai-responses', (text) => ({ input: [{ type: 'image_generation_call', id: text, result: base64 }] })],
  ['gemini-generate', (text) => ({ contents: [{ parts: [{ text }, { inlineData: { data: base64 } }] }] })],
];

describe('what goes into a model', () => {
  it.each(WRITINGS)('is the same when its client writes it %s, and never more than is held for', (_, write) => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.string({ unit: 'binary-ascii' }), ([protocol, bodyOf], text) => {
        const body = bodyOf(`${text} 漢字 😀 “quoted”`);
        const counted = countInput(protocol, encode(JSON.stringify(body)));
        const written = encode(write(body));
        expect(countInput(protocol, written)).toEqual(counted);
        const seen = peekBody(protocol, written).input;
        expect(seen.textBytes).toBeGreaterThanOrEqual(counted.textBytes);
        expect(seen.mediaCount).toBe(counted.mediaCount);
      }),
      { numRuns: 40 },
    );
  });

  it('is what the peek sees of a body that is written as short as can be', () => {
    const written = encode(JSON.stringify({ messages: [{ role: 'user', content: 'plain words' }] }));
    expect(countInput('openai-chat', written)).toEqual(peekBody('openai-chat', written).input);
  });

  it('takes a picture that a model has drawn for a picture, and not for words', () => {
    const item = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: base64 };
    const written = encode(JSON.stringify({ input: [item, { role: 'user', content: 'Bluer.' }] }));
    const facts = { textBytes: written.length - base64.length, base64Bytes: base64.length, mediaCount: 1 };
    expect(countInput('openai-responses', written)).toEqual(facts);
    expect(peekBody('openai-responses', written)).toMatchObject({ input: facts, mayHaveImages: false });
  });

  it('takes for words what is called a result deeper down', () => {
    const call = { functionCall: { name: 'f', args: { result: base64 } } };
    const tool = { type: 'function_call_output', call_id: 'c', output: [{ result: base64 }] };
    const facts = { base64Bytes: 0, mediaCount: 0 };
    expect(countInput('gemini-generate', encode(JSON.stringify({ contents: [{ parts: [call] }] })))).toMatchObject(
      facts,
    );
    expect(countInput('openai-responses', encode(JSON.stringify({ input: [tool] })))).toMatchObject(facts);
  });
});
