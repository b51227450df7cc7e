import { GatewayError, type JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import { curiousBody } from '../testing/client-requests.js';
import { decode } from '../testing/comparable.js';
import { requestFixtures, streamFixtures } from '../testing/fixtures.js';
import { between, pairs, protocols } from '../testing/pairs.js';
import { replaceAt } from '../testing/replace-at.js';
import { translateStream } from '../testing/translate-stream.js';
import { vendorBytes } from '../testing/vendor-bytes.js';
import { openExchange } from '../translation/exchange.js';

/** Values that have surprised somebody: what every object has, numbers no double holds, halves of characters. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<JsonValue>('constructor', '__proto__', -1, 1e308, '\ud800', '', [], {}, null, [null], { type: 'x' }),
);

/** The kind of failure that work ends with; anything that is no failure of ours is thrown on. */
function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown.kind;
    throw thrown;
  }
}

const REFUSED = [undefined, 'invalid-request'];
/** A vendor's answer may itself tell a failure, of whatever kind. */
const VENDORS_FAULT = /^(none|upstream-.*)$/;

describe.each(protocols)('$name fails in our own words', (protocol) => {
  const bodies = requestFixtures(protocol.name).map(({ body }) => body);
  const streams = streamFixtures(protocol.name);
  const answers = streams.flatMap(({ body }) => (body ? [body] : []));

  it('whatever a body is', () => {
    fc.assert(
      fc.property(odd, (value) => {
        expect(REFUSED).toContain(failureOf(() => protocol.readRequest(value as JsonValue)));
        expect(failureOf(() => protocol.readAnswer(value as JsonValue)) ?? 'none').toMatch(VENDORS_FAULT);
      }),
    );
  });

  it('whatever the fields of a request hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), odd, (body, at, value) => {
        expect(REFUSED).toContain(failureOf(() => protocol.readRequest(replaceAt(body, at, value) as JsonValue)));
      }),
      { numRuns: 300 },
    );
  });

  it('whatever the fields of an answer hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.nat(), odd, (body, at, value) => {
        expect(failureOf(() => protocol.readAnswer(replaceAt(body, at, value) as JsonValue)) ?? 'none').toMatch(
          VENDORS_FAULT,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('whatever the chunks of a stream hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.nat(), odd, ({ chunks }, at, value) => {
        const spoilt = replaceAt(chunks, at, value);
        const read = () => decode(protocol, Array.isArray(spoilt) ? (spoilt as readonly unknown[]) : [spoilt]);
        expect(failureOf(read) ?? 'none').toMatch(VENDORS_FAULT);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { name: 'lists', open: '[', close: ']' },
    { name: 'objects', open: '{"a":', close: '}' },
  ])('however deep $name are nested', ({ open, close }) => {
    const deep = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
    const [body] = bodies;
    const names = Object.keys(body ?? {});
    for (const name of names) {
      const text = JSON.stringify({ ...body, [name]: '<here>' }).replace('"<here>"', deep);
      const options = between({ client: protocol.name, target: protocol.name });
      expect(REFUSED).toContain(failureOf(() => openExchange(text, options)));
    }
  });
});

describe.each(pairs)('a deeply nested answer of a $target vendor to a $client client', ({ client, target }) => {
  const options = between({ client, target });
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

  it.each([{ body: deep }, { body: `{"usage":${deep}}` }])('is a failure of the vendor and not of ours', ({ body }) => {
    const read = () => openExchange(curiousBody(client), { ...options, stream: false }).answer(body);
    expect(failureOf(read)).toMatch(/^upstream-/);
    const bytes = new TextEncoder().encode(`data: ${body}\n\n`);
    expect(translateStream(curiousBody(client), options, [bytes]).failure).toMatch(/^upstream-/);
  });
});

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  const options = between({ client, target });

  it('takes any request of its fixtures, spoilt anywhere, or refuses it', () => {
    const bodies = requestFixtures(client).map(({ body }) => body);
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), odd, (body, at, value) => {
        const text = JSON.stringify(replaceAt(body, at, value));
        expect([undefined, 'invalid-request', 'unsupported']).toContain(failureOf(() => openExchange(text, options)));
      }),
      { numRuns: 100 },
    );
  });

  it('never ends a stream with anything but an end or a failure of the vendor', () => {
    const streams = streamFixtures(target);
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.nat(), odd, ({ chunks }, at, value) => {
        const spoilt = replaceAt(chunks, at, value);
        const bytes = vendorBytes(target, Array.isArray(spoilt) ? (spoilt as readonly unknown[]) : [spoilt]);
        const { failure } = translateStream(curiousBody(client), options, [bytes]);
        expect(failure ?? 'upstream-').toMatch(/^upstream-/);
      }),
      { numRuns: 60 },
    );
  });
});
