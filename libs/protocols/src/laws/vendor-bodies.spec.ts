import { LOSSES, type Loss } from '@bytespike/ir';
import { arbitraryRequest } from '@bytespike/ir/testing';
import fc from 'fast-check';

import { at } from '../testing/case.js';
import { between, pairs, STATES_OF, VENDORS, wireOf } from '../testing/pairs.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { CAPSULE_PREFIX } from '../capsule-marks.js';
import { openExchange } from '../translation/exchange.js';

/** What no client has written and a vendor needs: the one loss that has no place in the body. */
const FILLED_IN = 'L65';

const isPlaced = (body: unknown, { code, path }: Loss): boolean =>
  code === FILLED_IN || at(body, path.split('.').slice(0, 3).join('.')) !== undefined;

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  const from = wireOf(client);
  const [owner] = VENDORS[client];
  const capsules = STATES_OF[client];
  const requests = arbitraryRequest({ protocol: client, capsules, cacheMarks: 'some', resultMedia: 'some' });

  it.each(VENDORS[target])(
    'any request is written as $vendor takes it, and what is lost is told by its place',
    (to) => {
      fc.assert(
        fc.property(requests, (request) => {
          const { wire } = from.writeRequest(request, owner);
          const { body, losses } = openExchange(JSON.stringify(wire), between({ client, target }, to));
          expect(vendorBodyFault(target, to.vendor, body)).toBeUndefined();
          expect(body).not.toContain(CAPSULE_PREFIX);
          expect(losses.filter(({ code }) => !(code in LOSSES))).toEqual([]);
          expect(losses.filter((loss) => !isPlaced(wire, loss))).toEqual([]);
        }),
        { numRuns: 25 },
      );
    },
  );
});
