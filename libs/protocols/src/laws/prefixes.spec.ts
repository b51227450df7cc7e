import { arbitraryConversation, requestsOf } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { historyOf } from '../testing/history.js';
import { between, pairs, STATES_OF, VENDORS, wireOf } from '../testing/pairs.js';
import { openExchange } from '../translation/exchange.js';

/** A prompt cache, and thinking bound to its prefix, hold only while earlier turns are rendered alike (protocols 2.6). */
describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  const from = wireOf(client);
  const [owner] = VENDORS[client];

  it.each(VENDORS[target])('each request to $vendor begins with the one before it', (vendor) => {
    const options = between({ client, target }, vendor);
    const capsules = STATES_OF[client];
    fc.assert(
      fc.property(arbitraryConversation({ capsules, cacheMarks: 'some' }), (conversation) => {
        const sent = requestsOf(conversation).map((request) => {
          const body = JSON.stringify(from.writeRequest(request, owner).wire);
          return historyOf(target, openExchange(body, options).body);
        });
        sent.slice(1).forEach(({ head, items }, at) => {
          const before = sent[at] ?? { head: [], items: [] };
          expect({ head, items: items.slice(0, before.items.length) }).toEqual(before);
        });
      }),
      { numRuns: 15 },
    );
  });
});
