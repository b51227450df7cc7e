import { pairs, protocolNames } from '../testing/pairs.js';
import { STATES, toolLoop } from '../testing/tool-loop.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { CAPSULE_PREFIX } from '../translation/capsules.js';

describe.each(pairs)('$client of a $target vendor, four turns with tools and thinking', ({ client, target }) => {
  const changes = protocolNames.map((other) => ({ other, targets: [target, target, other, other] }));

  it.each(changes)('goes on with $other at turn three, and nobody is refused', ({ targets }) => {
    const { sent, told } = toolLoop(client, targets);
    expect(sent.map((one) => vendorBodyFault(one.target, one.vendor, one.body))).toEqual(sent.map(() => undefined));
    expect(JSON.stringify(told)).toContain('Sunny everywhere.');
  });

  it.each(changes)('hands no state to $other or anybody but its owner, and none of ours', ({ targets }) => {
    for (const { target: reader, body } of toolLoop(client, targets).sent) {
      expect(body).not.toContain(CAPSULE_PREFIX);
      expect(STATES.filter(({ owner, data }) => owner !== reader && body.includes(data))).toEqual([]);
    }
  });
});
