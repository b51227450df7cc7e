import { isDeepStrictEqual } from 'node:util';

import { foldStream } from '@bytespike/ir';
import { arbitraryConversation } from '@bytespike/ir/testing';
import type { JsonValue, ProtocolName } from '@bytespike/kernel';
import fc from 'fast-check';

import { clientPaths } from '../losses.js';
import { sentRaw } from '../testing/case.js';
import { decode, decodeText, settled } from '../testing/comparable.js';
import { requestFixtures, streamFixtures } from '../testing/fixtures.js';
import { CORE_FIELDS, CORES } from '../testing/lossless-core.js';
import { between, protocolNames, protocols, STATES_OF, VENDORS, wireOf } from '../testing/pairs.js';
import { FEATURES } from '../testing/request-features.js';
import { openExchange } from '../translation/exchange.js';

type Fields = Readonly<Record<string, unknown>>;

/** One spelling where there are two: of the limit, of a lone stop, of a lone question. */
function spelled(wire: object): Fields {
  const { max_tokens, max_completion_tokens, stop, input, ...rest } = wire as Fields;
  const question = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;
  return { ...rest, limit: max_completion_tokens ?? max_tokens, stop: [stop].flat(), input: question };
}

/** A request without the fields it lost; of a list whose items lost something, the items that lost nothing. */
function intact(wire: object, lost: readonly string[], asked: object): object {
  const whole = Object.entries(spelled(wire)).filter(([name]) => !lost.includes(name) && name !== 'stream_options');
  const untouched = whole.map(([name, value]) => {
    if (!Array.isArray(value) || !lost.some((path) => path.startsWith(`${name}.`))) return [name, value];
    const sound = ((asked as Fields)[name] as readonly unknown[]).filter(
      (_item, index) => !lost.some((path) => `${path}.`.startsWith(`${name}.${index}.`)),
    );
    const kept = (item: unknown): boolean => sound.some((other) => isDeepStrictEqual(item, other));
    return [name, (value as readonly unknown[]).filter(kept)];
  });
  const told = Object.fromEntries(untouched) as Fields;
  return lost.includes('logprobs') ? { ...told, top_logprobs: undefined } : told;
}

describe.each(protocols)('$name to itself', (protocol) => {
  const [owner] = VENDORS[protocol.name];

  it.each(requestFixtures(protocol.name))('$name: a request survives, but for what it is said to lose', ({ body }) => {
    const request = protocol.readRequest(body as JsonValue);
    const { wire, losses } = protocol.writeRequest(request, owner);
    const inClientsWords = clientPaths(protocol, request);
    const lost = losses.map(({ path }) => inClientsWords(path));
    expect(intact(wire, lost, body)).toEqual(intact(body, lost, body));
  });

  it.each(requestFixtures(protocol.name))('$name: the raw lane changes the name of the model alone', ({ body }) => {
    const renamed = 'model' in body ? { ...body, model: 'served' } : body;
    expect(sentRaw(protocol.name, body, 'served')).toBe(JSON.stringify(renamed));
  });

  it('sends any conversation on as it came', () => {
    const capsules = STATES_OF[protocol.name];
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

describe.each(CORES.filter(hasBoth))(
  '$client to $target and back',
  ({ client, target, features, there: reader, back, declared = [] }) => {
    const from = wireOf(client);
    const [owner] = VENDORS[client];
    const seller = VENDORS[client].find(({ vendor }) => vendor === back?.vendor) ?? owner;
    const home = { ...seller, ...back };

    const conversations = arbitraryConversation({
      errors: 'none',
      tools: 'always',
      ...(!features.includes('laterInstructions') && { laterInstructions: 'none' }),
      ...(features.includes('cacheMarks') && { cacheMarks: 'some' }),
      ...(features.includes('resultMedia') && { resultMedia: 'some' }),
    });

    it(`keeps ${features.join(', ')}`, () => {
      fc.assert(
        fc.property(conversations, (conversation) => {
          const written = { ...from.writeRequest(conversation, owner).wire, ...CORE_FIELDS[client] };
          const there = openExchange(
            JSON.stringify(written),
            between({ client, target }, { ...VENDORS[target][0], ...reader }),
          );
          const again = openExchange(there.body, between({ client: target, target: client }, home));
          const [sent, received] = [written, JSON.parse(again.body) as object].map((body) =>
            from.readRequest(body as JsonValue),
          );
          expect(there.losses.map(({ code }) => code)).toEqual(expect.arrayContaining([...declared]));
          for (const feature of features) {
            const told = [sent, received].map((request) => request && FEATURES[feature](request));
            expect({ [feature]: told[1] }).toEqual({ [feature]: told[0] });
          }
        }),
        { numRuns: 40 },
      );
    });
  },
);
