import fc from 'fast-check';

import { curiousBody } from '../testing/client-requests.js';
import { streamFixtures } from '../testing/fixtures.js';
import { between, pairs } from '../testing/pairs.js';
import { translateStream } from '../testing/translate-stream.js';
import { vendorBytes } from '../testing/vendor-bytes.js';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const everyByte = (bytes: Uint8Array): readonly Uint8Array[] => [...bytes].map((byte) => Uint8Array.of(byte));

function cutAt(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  const options = between({ client, target });
  const body = curiousBody(client);

  it.each(streamFixtures(target))('$name: any split of the bytes gives the same output', ({ chunks }) => {
    const bytes = vendorBytes(target, chunks);
    const expected = translateStream(body, options, [bytes]);
    // One byte at a time is every split in the middle of a character, a line end and a record.
    expect(translateStream(body, options, everyByte(bytes))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 6 }), (cuts) => {
        expect(translateStream(body, options, cutAt(bytes, cuts))).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  });

  it.each(streamFixtures(target))('$name: a vendor that ends its lines in two bytes is read alike', ({ chunks }) => {
    const text = decoder.decode(vendorBytes(target, chunks));
    const expected = translateStream(body, options, [encoder.encode(text)]);
    const twoBytes = encoder.encode(text.replaceAll('\n', '\r\n'));
    expect(translateStream(body, options, everyByte(twoBytes))).toEqual(expected);
  });
});
