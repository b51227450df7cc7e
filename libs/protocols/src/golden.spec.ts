import { GatewayError, type JsonValue } from '@bytespike/kernel';

import { curiousBody } from './testing/client-requests.js';
import { decode } from './testing/comparable.js';
import { requestFixtures, streamFixtures, type RequestFixture } from './testing/fixtures.js';
import { expectGolden, printIr } from './testing/golden.js';
import { between, pairs, protocols, VENDORS, type Pair, type TestVendor } from './testing/pairs.js';
import { asClientSees, translateStream } from './testing/translate-stream.js';
import { vendorBytes } from './testing/vendor-bytes.js';
import { openExchange } from './translation/exchange.js';

const jsonLines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** `full` is written for everybody who sells the protocol, anything else for its owner and one look-alike. */
function readers({ client, target }: Pair, { name }: RequestFixture): readonly TestVendor[] {
  const [owner, ...lookAlikes] = VENDORS[target];
  if (client === target) return name === 'full' ? lookAlikes : [];
  return name === 'full' ? VENDORS[target] : [owner, ...lookAlikes.slice(0, 1)];
}

/** What would be sent, and what is said to be lost on the way; or why nothing would. */
function sent(pair: Pair, vendor: TestVendor, body: object): object {
  try {
    const exchange = openExchange(JSON.stringify(body), { ...between(pair, vendor), stream: 'stream' in body });
    return { wire: JSON.parse(exchange.body) as object, losses: exchange.losses };
  } catch (thrown) {
    const { kind, message } = GatewayError.from(thrown);
    return { refused: kind, why: message };
  }
}

describe.each(protocols)('$name', (from) => {
  it.each(requestFixtures(from.name))('request $name reads as its golden', ({ path, body }) => {
    expectGolden(`${path}.ir.json`, `${printIr(from.readRequest(body as JsonValue))}\n`);
  });

  it.each(streamFixtures(from.name))('stream $name reads as its golden', ({ path, chunks }) => {
    const events = decode(from, chunks).map((event) => JSON.parse(printIr(event)) as object);
    expectGolden(`${path}.ir.jsonl`, jsonLines(events));
  });
});

interface Written extends RequestFixture, Pair {
  readonly vendors: readonly TestVendor[];
}

/** Every request of a client that somebody reads at a vendor. */
const written = pairs.flatMap((pair) =>
  requestFixtures(pair.client).flatMap((fixture): readonly Written[] => {
    const vendors = readers(pair, fixture);
    return vendors.length > 0 ? [{ ...fixture, ...pair, vendors }] : [];
  }),
);

it.each(written)('$client of a $target vendor: request $name is written as its golden', (request) => {
  const { path, body, vendors, target } = request;
  const all = Object.fromEntries(vendors.map((vendor) => [vendor.vendor, sent(request, vendor, body)]));
  expectGolden(`${path}.${target}.json`, `${JSON.stringify(all, null, 2)}\n`);
});

describe.each(pairs)('$client of a $target vendor', (pair) => {
  it.each(streamFixtures(pair.target))('stream $name is seen as its golden', ({ path, chunks }) => {
    const stream = translateStream(curiousBody(pair.client), between(pair), [vendorBytes(pair.target, chunks)]);
    expectGolden(`${path}.${pair.client}.sse`, asClientSees(pair.client, stream));
  });
});
