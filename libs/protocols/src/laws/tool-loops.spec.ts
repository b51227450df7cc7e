import { pairs, protocolNames } from '../testing/pairs.js';
import { STATES, toolLoop, TURNS, type Reading } from '../testing/tool-loop.js';
import { vendorBodyFault } from '../testing/vendor-body-rules.js';
import { CAPSULE_PREFIX } from '../translation/capsules.js';

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
