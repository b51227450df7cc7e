import { LIMITS } from '@bytespike/kernel';

import { curiousBody } from '../testing/client-requests.js';
import { between } from '../testing/pairs.js';
import { openExchange } from './exchange.js';

const MIB = 1024 * 1024;
const text = new TextEncoder();
const record = (chunk: object): Uint8Array => text.encode(`data: ${JSON.stringify(chunk)}\n\n`);
const said = (content: string): Uint8Array =>
  record({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] });

const open = () =>
  openExchange(curiousBody('openai-responses'), {
    ...between({ client: 'openai-responses', target: 'openai-chat' }),
    stream: true,
  }).stream();

describe('what a stream makes its translation hold', () => {
  it('is no more than a whole answer may be long', () => {
    const stream = open();
    const delta = said('x'.repeat(8 * MIB));
    const passed = LIMITS.vendorBodyBytesMax / (8 * MIB) - 1;
    stream.push(said('It begins.'));
    for (let count = 0; count < passed; count += 1) expect(stream.push(delta).failure).toBeUndefined();
    expect(stream.push(delta).failure).toMatchObject({ kind: 'upstream-garbled' });
    expect(stream.end()).toEqual({ text: '' });
  });

  it('is the text of deltas and not their envelopes', () => {
    const stream = open();
    const padded = record({ id: 'c', choices: [{ index: 0, delta: { content: 'x' } }], padding: ' '.repeat(8 * MIB) });
    stream.push(said('It begins.'));
    for (let count = 0; count < 2 + LIMITS.vendorBodyBytesMax / (8 * MIB); count += 1)
      expect(stream.push(padded).failure).toBeUndefined();
  });
});
