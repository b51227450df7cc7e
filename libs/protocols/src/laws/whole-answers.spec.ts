import { foldStream, type GenerateResponse } from '@bytespike/ir';
import { arbitraryAnswer } from '@bytespike/ir/testing';
import type { JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import { curiousBody } from '../testing/client-requests.js';
import { decode, decodeText, normal, runnable, settled, spoken } from '../testing/comparable.js';
import { streamFixtures } from '../testing/fixtures.js';
import { between, pairs, protocols, STATES_OF, wireOf, type Pair } from '../testing/pairs.js';
import { translateStream } from '../testing/translate-stream.js';
import { streamOf, vendorBytes } from '../testing/vendor-bytes.js';
import { openExchange } from '../translation/exchange.js';

const wholeStreams = (target: Pair['target']) => streamFixtures(target).filter(({ body }) => body !== undefined);

/** What a client makes of a vendor's answer when it is streamed, and when it is not. */
function bothWays({ client, target }: Pair, streamed: Uint8Array, whole: string) {
  const options = between({ client, target });
  const reader = wireOf(client);
  const { text, failure } = translateStream(curiousBody(client), options, [streamed]);
  if (failure !== undefined) throw new Error(`the stream failed: ${failure}`);
  const answer = openExchange(curiousBody(client), { ...options, stream: false }).answer(whole).body;
  return {
    streamed: foldStream(decodeText(reader, text)),
    whole: reader.readAnswer(JSON.parse(answer) as JsonValue),
  };
}

describe.each(protocols)('$name', (protocol) => {
  it.each(wholeStreams(protocol.name))('$name: the stream folds to the unstreamed answer', ({ chunks, body }) => {
    const folded = foldStream(decode(protocol, chunks));
    expect(normal(folded)).toEqual(normal(protocol.readAnswer(body as JsonValue)));
  });
});

describe.each(pairs)('$client of a $target vendor', (pair) => {
  it.each(wholeStreams(pair.target))('$name: folds alike, streamed or not', ({ chunks, body }) => {
    const { streamed, whole } = bothWays(pair, vendorBytes(pair.target, chunks), JSON.stringify(body));
    expect(untimed(runnable(streamed))).toEqual(untimed(runnable(whole)));
  });

  const vendor = wireOf(pair.target);
  const answers = arbitraryAnswer(STATES_OF[pair.target]);

  it('tells any answer alike, streamed or not, with its words and calls', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const whole = JSON.stringify(vendor.writeAnswer(answer).wire);
        const told = bothWays(pair, streamOf(vendor, answer), whole);
        expect(untimed(told.streamed)).toEqual(untimed(told.whole));
        expect(spoken(told.whole)).toEqual(spoken(answer));
        expect(told.whole.finish.reason).toBe(answer.finish.reason);
        expect(totals(told.whole)).toEqual(totals(answer));
      }),
      { numRuns: 40 },
    );
  });
});

/** Without the tier: a stream may have to name it before its vendor knows who serves. */
const untimed = (response: GenerateResponse) => ({ ...settled(response), tier: undefined });

/** The numbers that every wire reports. */
const totals = ({ usage }: GenerateResponse) => ({ cacheRead: usage?.cacheRead ?? 0, output: usage?.output });
