import { arbitraryAnswer } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { writeExact } from '../exact-json.js';
import type { MeterReading } from '../meter/wire-meter.js';
import { WIRES } from '../registry.js';
import { createSseSplitter } from '../sse.js';
import { dataItems } from '../testing/client-streams.js';
import { streamFixtures } from '../testing/fixtures.js';
import { protocols, STATES_OF } from '../testing/pairs.js';
import { streamOf, terminalBytes, vendorBytes } from '../testing/vendor-bytes.js';

/** What a meter has read of a vendor's answer is what is billed on the raw lane. */
describe.each(protocols)('the meter of $name', (protocol) => {
  const { meter } = WIRES[protocol.name];
  const answers = arbitraryAnswer(STATES_OF[protocol.name]);

  function metered(bytes: Uint8Array): MeterReading {
    const stream = meter.stream({});
    createSseSplitter().push(bytes, (record) => void stream.record(record));
    return stream.reading();
  }

  it('reads any answer alike, streamed or not', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const whole = new TextEncoder().encode(writeExact(protocol.writeAnswer(answer).wire));
        expect(metered(streamOf(protocol, answer))).toEqual(meter.body(whole, {}));
      }),
    );
  });

  it('takes no stream for a whole one that was cut before its terminal item', () => {
    fc.assert(
      fc.property(answers, fc.nat(), (answer, where) => {
        const bytes = streamOf(protocol, answer);
        const terminal = terminalBytes(protocol.name, dataItems(new TextDecoder().decode(bytes)));
        expect(metered(bytes.subarray(0, where % terminal)).ended).toBe(false);
      }),
    );
  });

  it.each(streamFixtures(protocol.name))('$name: is not whole before its terminal item', ({ chunks }) => {
    const bytes = vendorBytes(protocol.name, chunks);
    expect(metered(bytes.subarray(0, terminalBytes(protocol.name, chunks) - 1)).ended).toBe(false);
  });
});
