import { pairs, protocolNames, VENDORS } from '../testing/pairs.js';
import { STATES, toolLoop, TURNS, type Reading } from '../testing/tool-loop.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { CAPSULE_PREFIX } from '../capsule-marks.js';

const READINGS: readonly Reading[] = ['whole', 'streamed'];

/** Chat vendors keep their state in the open: it is the thought itself. */
const stateIn = (target: string): readonly (string | undefined)[] =>
  target === 'openai-chat'
    ? TURNS.map(({ thought }) => thought)
    : STATES.filter(({ owner }) => owner === target).map(({ data }) => data);

describe.each(pairs)('$client of a $target vendor, four turns with tools and thinking', ({ client, target }) => {
  const changes = protocolNames.flatMap((other) =>
    READINGS.map((reading) => ({ other, reading, targets: [target, target, other, other] })),
  );

  it.each(changes)(
    'goes on with $other at turn three, $reading, and nobody is refused',
    async ({ targets, reading }) => {
      const { sent, told } = await toolLoop(client, targets, reading);
      expect(sent.map((one) => vendorBodyFault(one.target, one.vendor, one.body))).toEqual(sent.map(() => undefined));
      expect(JSON.stringify(told)).toContain('Sunny everywhere.');
    },
  );

  it.each(changes)('hands no state to $other but its own, $reading, and none of ours', async ({ targets, reading }) => {
    for (const { target: reader, body } of (await toolLoop(client, targets, reading)).sent) {
      expect(body).not.toContain(CAPSULE_PREFIX);
      expect(body).not.toContain(Buffer.from(CAPSULE_PREFIX).toString('base64').slice(0, 6));
      expect(STATES.filter(({ owner, data }) => owner !== reader && body.includes(data))).toEqual([]);
    }
  });

  it.each(READINGS)('gives its vendor back the state of every turn, %s', async (reading) => {
    const last = (await toolLoop(client, [target, target, target, target], reading)).sent.at(-1);
    const earlier = stateIn(target).slice(0, 3);
    expect(earlier.filter((data) => data !== undefined && !last?.body.includes(data))).toEqual([]);
  });
});

/** Two vendors of one wire: the wire alone cannot tell whose state it is. */
const rivals = protocolNames.flatMap((client) =>
  protocolNames.flatMap((target) => {
    const [first, second] = VENDORS[target];
    if (!second) return [];
    return [
      { client, target, from: first, to: second, first: first.vendor, second: second.vendor },
      { client, target, from: second, to: first, first: second.vendor, second: first.vendor },
    ];
  }),
);

describe.each(rivals)('$client that leaves $first for $second on the $target wire', ({ client, target, from, to }) => {
  it.each(READINGS)('takes no state along, %s, and nobody is refused', async (reading) => {
    const stops = [from, from, to, to].map((vendor) => ({ target, vendor }));
    const { sent } = await toolLoop(client, stops, reading);
    expect(sent.map((one) => vendorBodyFault(one.target, one.vendor, one.body))).toEqual(sent.map(() => undefined));
    // What a Chat client was told in the open by a Chat vendor bears nobody's name, and is no secret of anybody.
    const left = client === 'openai-chat' && target === client ? [] : stateIn(target).slice(0, 2);
    for (const { body } of sent.slice(2))
      expect(left.filter((data) => data !== undefined && body.includes(data))).toEqual([]);
  });
});
