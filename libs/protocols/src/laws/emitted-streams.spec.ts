import { findStreamFault, foldStream, type StreamEvent } from '@bytespike/ir';
import { arbitraryStream } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { curiousBody } from '../testing/client-requests.js';
import { clientStream } from '../testing/client-streams.js';
import { decode, decodeText, isObject, spoken, tryJson } from '../testing/comparable.js';
import { streamFixtures } from '../testing/fixtures.js';
import { between, pairs, protocols } from '../testing/pairs.js';
import { translateStream } from '../testing/translate-stream.js';
import { vendorBytes } from '../testing/vendor-bytes.js';

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  it.each(streamFixtures(target))('$name: what the client receives obeys its grammar', ({ chunks }) => {
    const { text, failure } = translateStream(curiousBody(client), between({ client, target }), [
      vendorBytes(target, chunks),
    ]);
    expect(clientStream(client).findFault(text, failure === undefined ? 'whole' : 'cut')).toBeUndefined();
  });
});

/** The events as a decoder gives them: calls that can be run, one state to a part, and an end that fits. */
function plausible(events: readonly StreamEvent[]): readonly StreamEvent[] {
  const { parts } = foldStream(events);
  const fits = parts.map((part) =>
    part.type === 'tool-call' ? part.kind === 'function' && isObject(tryJson(part.argumentsText)) : true,
  );
  const calls = parts.some(({ type }, index) => type === 'tool-call' && fits[index]);
  const firstState = (part: number) => events.find((event) => event.type === 'capsule' && event.index === part);
  const ended = (event: Extract<StreamEvent, { type: 'finish' }>): StreamEvent => {
    if (calls) return { type: 'finish', finish: { reason: 'tool-calls' } };
    return event.finish.reason === 'tool-calls' ? { type: 'finish', finish: { reason: 'stop' } } : event;
  };
  return events
    .filter((event) => !('index' in event) || fits[event.index])
    .filter((event) => event.type !== 'capsule' || event === firstState(event.index))
    .map((event) => (event.type === 'finish' ? ended(event) : event));
}

describe.each(protocols)('$name', (protocol) => {
  it.each(streamFixtures(protocol.name))('$name: what is decoded is well formed', ({ chunks }) => {
    expect(findStreamFault(decode(protocol, chunks))).toBeUndefined();
  });

  it('writes any stream by its grammar, and reads it back with its words and calls in their order', () => {
    fc.assert(
      fc.property(arbitraryStream, (events) => {
        const writer = protocol.openEncoder();
        const text = plausible(events)
          .map((event) => writer.push(event))
          .join('');
        expect(clientStream(protocol.name).findFault(text, 'whole')).toBeUndefined();
        expect(spoken(foldStream(decodeText(protocol, text)))).toEqual(spoken(foldStream(events)));
      }),
    );
  });
});
