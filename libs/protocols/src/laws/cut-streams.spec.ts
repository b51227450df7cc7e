import { arbitraryAnswer } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { curiousBody } from '../testing/client-requests.js';
import { clientStream, dataItems, endsNormally } from '../testing/client-streams.js';
import { streamFixtures } from '../testing/fixtures.js';
import { between, pairs, STATES_OF, wireOf } from '../testing/pairs.js';
import { asClientSees, translateStream } from '../testing/translate-stream.js';
import { streamOf, terminalBytes, vendorBytes } from '../testing/vendor-bytes.js';

const LF = 0x0a;

/**
 * Where to cut: a byte changes nothing before its record is whole, so cuts around the ends of records, and one inside
 * each, stand for every other.
 */
function cutsBefore(bytes: Uint8Array, terminal: number): readonly number[] {
  const ends = [...bytes.keys()].filter((at) => bytes[at] === LF && bytes[at - 1] === LF).map((at) => at + 1);
  const around = ends.flatMap((end) => [end - 20, end - 2, end - 1, end]);
  return [...new Set([0, ...around])].filter((cut) => cut >= 0 && cut < terminal).sort((a, b) => a - b);
}

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  const options = between({ client, target });
  const body = curiousBody(client);
  const { findFault, tellsFailure } = clientStream(client);

  /** What a client sees of the first bytes of a stream that has not come to its terminal item. */
  function expectFailure(bytes: Uint8Array, cut: number): void {
    const cutShort = translateStream(body, options, [bytes.subarray(0, cut)]);
    expect({ cut, failure: cutShort.failure, ends: endsNormally(client, cutShort.text) }).toEqual({
      cut,
      failure: expect.stringMatching(/^upstream-/),
      ends: false,
    });
    expect({ cut, fault: findFault(cutShort.text, 'cut') }).toEqual({ cut, fault: undefined });
    expect({ cut, told: tellsFailure(dataItems(asClientSees(client, cutShort))) }).toEqual({ cut, told: true });
  }

  it.each(streamFixtures(target))('$name: cut before its terminal item, it fails and never ends', ({ chunks }) => {
    const bytes = vendorBytes(target, chunks);
    for (const cut of cutsBefore(bytes, terminalBytes(target, chunks))) expectFailure(bytes, cut);
  });

  it('fails and never ends wherever any answer is cut', () => {
    const answers = arbitraryAnswer(STATES_OF[target]);
    fc.assert(
      fc.property(answers, fc.nat(), (answer, where) => {
        const bytes = streamOf(wireOf(target), answer);
        const terminal = terminalBytes(target, dataItems(new TextDecoder().decode(bytes)));
        expectFailure(bytes, where % terminal);
      }),
      { numRuns: 40 },
    );
  });

  it.each(streamFixtures(target))('$name: while its bytes trickle in, no end is announced early', ({ chunks }) => {
    const bytes = vendorBytes(target, chunks).subarray(0, terminalBytes(target, chunks) - 1);
    const { text } = translateStream(
      body,
      options,
      [...bytes].map((byte) => Uint8Array.of(byte)),
    );
    expect(endsNormally(client, text)).toBe(false);
  });
});
