import { arbitraryAnswer } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { curiousBody } from './testing/client-requests.js';
import { streamFixtures } from './testing/fixtures.js';
import { between, pairs, STATES_OF, wireOf } from './testing/pairs.js';
import { essenceOf, SDK_FOLDS } from './testing/sdk-folds.js';
import { asClientSees, translateStream } from './testing/translate-stream.js';
import { streamOf, terminalBytes, vendorBytes } from './testing/vendor-bytes.js';
import { openExchange } from './translation/exchange.js';

/**
 * The official SDKs as judges of what we write: they read our bytes, fold our streams, agree with our unstreamed
 * answers, and take no broken stream for a whole one.
 */
const judged = pairs.flatMap((pair) => SDK_FOLDS[pair.client].map((judge) => ({ ...pair, ...judge })));

/** Arguments that break off are begun in a stream and left out of a whole answer. */
const BREAKS_OFF = 'call-cut-by-the-limit';

describe.each(judged)('$sdk, reading a $target vendor', ({ client, target, fold }) => {
  const options = between({ client, target });
  const body = curiousBody(client);
  const fixtures = streamFixtures(target);
  const whole = fixtures.filter(({ name, body: answer }) => answer !== undefined && name !== BREAKS_OFF);
  const broken = fixtures.filter(({ chunks }) => translateStream(body, options, [vendorBytes(target, chunks)]).failure);

  it.each(whole)('$name: folds our stream to our whole answer', async ({ chunks, body: answer }) => {
    const { text } = translateStream(body, options, [vendorBytes(target, chunks)]);
    const told = openExchange(body, { ...options, stream: false }).answer(JSON.stringify(answer)).body;
    expect(essenceOf(client, await fold(text))).toEqual(essenceOf(client, JSON.parse(told)));
  });

  it.each(whole)('$name: throws where the vendor breaks off in the middle', async ({ chunks }) => {
    const bytes = vendorBytes(target, chunks);
    const half = bytes.subarray(0, Math.floor(terminalBytes(target, chunks) / 2));
    const seen = asClientSees(client, translateStream(body, options, [half]));
    await expect(fold(seen)).rejects.toThrow();
  });

  it('folds any answer, streamed, to the same answer whole', async () => {
    const vendor = wireOf(target);
    await fc.assert(
      fc.asyncProperty(arbitraryAnswer(STATES_OF[target]), async (answer) => {
        const { text } = translateStream(body, options, [streamOf(vendor, answer)]);
        const whole = JSON.stringify(vendor.writeAnswer(answer).wire);
        const told = openExchange(body, { ...options, stream: false }).answer(whole).body;
        expect(essenceOf(client, await fold(text))).toEqual(essenceOf(client, JSON.parse(told)));
      }),
      { numRuns: 15 },
    );
  });

  it.each(broken)('$name: throws where the vendor fails', async ({ chunks }) => {
    const seen = asClientSees(client, translateStream(body, options, [vendorBytes(target, chunks)]));
    await expect(fold(seen)).rejects.toThrow();
  });
});
