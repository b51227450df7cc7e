import { foldStream } from '@bytespike/ir';
import { arbitraryConversation } from '@bytespike/ir/testing';
import type { JsonValue, ProtocolName } from '@bytespike/kernel';
import fc from 'fast-check';

import { clientPaths } from '../losses.js';
import { decode, decodeText, settled } from '../testing/comparable.js';
import { requestFixtures, streamFixtures } from '../testing/fixtures.js';
import { CORE_FIELDS, CORES } from '../testing/lossless-core.js';
import { between, protocolNames, protocols, VENDORS, wireOf } from '../testing/pairs.js';
import { FEATURES } from '../testing/request-features.js';
import { openExchange } from '../translation/exchange.js';

/** A request without the fields it lost, and with one spelling where there are two: of the limit, of a lone stop. */
function sameRequest(wire: object, lost: readonly string[]): object {
  const fields = Object.entries(wire).filter(([name]) => !lost.includes(name) && name !== 'stream_options');
  const { max_tokens, max_completion_tokens, stop, ...rest } = Object.fromEntries(fields) as Record<string, unknown>;
  const told = lost.includes('logprobs') ? { ...rest, top_logprobs: undefined } : rest;
  return { ...told, limit: max_completion_tokens ?? max_tokens, stop: [stop].flat() };
}

describe.each(protocols)('$name to itself', (protocol) => {
  const [owner] = VENDORS[protocol.name];

  it.each(requestFixtures(protocol.name))('$name: a request survives, but for what it is said to lose', ({ body }) => {
    const request = protocol.readRequest(body as JsonValue);
    const { wire, losses } = protocol.writeRequest(request, owner);
    const inClientsWords = clientPaths(protocol, request);
    const lost = losses.map(({ path }) => inClientsWords(path));
    expect(sameRequest(wire, lost)).toEqual(sameRequest(body, lost));
  });

  it('sends any conversation on as it came', () => {
    const capsules = { origin: { protocol: protocol.name, vendor: owner.vendor }, kind: 'signature' } as const;
    fc.assert(
      fc.property(arbitraryConversation({ capsules, cacheMarks: 'some' }), (conversation) => {
        const { wire } = protocol.writeRequest({ ...conversation, model: owner.upstreamModel }, owner);
        const options = between({ client: protocol.name, target: protocol.name });
        expect(JSON.parse(openExchange(JSON.stringify(wire), { ...options, stream: false }).body)).toEqual(
          JSON.parse(JSON.stringify(wire)),
        );
      }),
      { numRuns: 50 },
    );
  });

  const whole = streamFixtures(protocol.name).filter(({ body }) => body !== undefined);

  it.each(whole)('$name: an answer survives', ({ body }) => {
    const answer = protocol.readAnswer(body as JsonValue);
    expect(settled(protocol.readAnswer(protocol.writeAnswer(answer).wire))).toEqual(settled(answer));
  });

  it.each(whole)('$name: a stream survives', ({ chunks }) => {
    const events = decode(protocol, chunks);
    const writer = protocol.openEncoder();
    const written = decodeText(protocol, events.map((event) => writer.push(event)).join(''));
    expect(settled(foldStream(written))).toEqual(settled(foldStream(events)));
  });
});

const hasBoth = ({ client, target }: { readonly client: ProtocolName; readonly target: ProtocolName }): boolean =>
  protocolNames.includes(client) && protocolNames.includes(target);

describe.each(CORES.filter(hasBoth))('$client to $target and back', ({ client, target, features, back }) => {
  const from = wireOf(client);
  const [owner] = VENDORS[client];
  const home = VENDORS[client].find(({ vendor }) => vendor === back) ?? owner;

  const conversations = arbitraryConversation({
    errors: 'none',
    ...(features.includes('cacheMarks') && { cacheMarks: 'some' }),
    ...(features.includes('resultMedia') && { resultMedia: 'some' }),
  });

  it(`keeps ${features.join(', ')}`, () => {
    fc.assert(
      fc.property(conversations, (conversation) => {
        const written = { ...from.writeRequest(conversation, owner).wire, ...CORE_FIELDS[client] };
        const there = openExchange(JSON.stringify(written), between({ client, target }));
        const again = openExchange(there.body, between({ client: target, target: client }, home));
        const [sent, received] = [written, JSON.parse(again.body) as object].map((body) =>
          from.readRequest(body as JsonValue),
        );
        for (const feature of features) {
          const told = [sent, received].map((request) => request && FEATURES[feature](request));
          expect({ [feature]: told[1] }).toEqual({ [feature]: told[0] });
        }
      }),
      { numRuns: 40 },
    );
  });
});
