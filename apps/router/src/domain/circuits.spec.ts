import { Circuits } from './circuits.js';

const at = { channelId: 'c', upstreamModel: 'm' };

describe('Circuits', () => {
  it.each([
    ['nothing heard', [], 100, undefined],
    ['open', [{ ...at, state: 'open', until: 500 }], 100, 500],
    ['open, and its time has passed', [{ ...at, state: 'open', until: 500 }], 500, undefined],
    ['open without an end', [{ ...at, state: 'open' }], 100, 30_000],
    [
      'half-open',
      [
        { ...at, state: 'open', until: 500 },
        { ...at, state: 'half-open' },
      ],
      100,
      undefined,
    ],
    [
      'closed again',
      [
        { ...at, state: 'open', until: 500 },
        { ...at, state: 'closed' },
      ],
      100,
      undefined,
    ],
    ['open of another model', [{ ...at, upstreamModel: 'n', state: 'open', until: 500 }], 100, undefined],
  ] as const)('%s', (_name, facts, nowMs, until) => {
    const circuits = new Circuits();
    for (const fact of facts) circuits.hear(fact, 0);
    expect(circuits.closedUntil('c', 'm', nowMs)).toBe(until);
  });

  it('forgets the oldest when told of more than it can hold', () => {
    const circuits = new Circuits();
    circuits.hear({ ...at, state: 'open', until: 500 }, 0);
    for (let number = 0; number < 10_000; number += 1) {
      circuits.hear({ channelId: String(number), upstreamModel: 'm', state: 'open', until: 500 }, 0);
    }
    expect([circuits.closedUntil('c', 'm', 0), circuits.closedUntil('9999', 'm', 0)]).toEqual([undefined, 500]);
  });
});
