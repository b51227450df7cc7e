import fc from 'fast-check';

import { splitRange, usageSelection } from './usage-selection.js';

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const question = { accountId: 'acc', since: 0, until: DAY_MS, by: ['day' as const], timeZone: 'UTC' };

describe('a question about usage', () => {
  it('may reach over ninety days, and no further', () => {
    expect(usageSelection({ ...question, until: 90 * DAY_MS }).quarters).toEqual({ from: 0, to: 90 * DAY_MS });
    expect(() => usageSelection({ ...question, until: 90 * DAY_MS + 3 * HOUR_MS })).toThrow('at most 90 days');
  });

  it.each([
    { name: 'counted back a moment before they came', since: 0, until: 90 * DAY_MS + 900 },
    {
      name: 'of a place where summer time ends',
      since: Date.parse('2026-08-15T00:00:00-04:00'),
      until: Date.parse('2026-11-13T00:00:00-05:00'),
    },
  ])('may be about ninety days $name', ({ since, until }) => {
    expect(() => usageSelection({ ...question, since, until })).not.toThrow();
  });

  it.each(['UTC', 'GMT', 'Asia/Kathmandu', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Calcutta'])(
    'is answered in the days of %s',
    (timeZone) => {
      expect(usageSelection({ ...question, timeZone })).toMatchObject({ timeZone });
    },
  );

  it.each(['', 'CET', '+05:30', 'Mars/Olympus', 'UTC+3', "UTC'; --", 'Asia/Kathmandu '])(
    'is refused in the days of "%s", which are nobody\'s or not the same to everybody',
    (timeZone) => {
      expect(() => usageSelection({ ...question, timeZone })).toThrow('IANA name');
    },
  );

  it.each([
    { by: ['day', 'hour'] as const, time: 'hour' },
    { by: ['day', 'model'] as const, time: 'day' },
    { by: ['api_key'] as const, time: undefined },
  ])('by $by has buckets of a $time', ({ by, time }) => {
    expect(usageSelection({ ...question, by: [...by] }).time).toBe(time);
  });
});

describe('a range', () => {
  it('is whole quarters and two ends, none of it twice and nothing left out', () => {
    const moment = fc.integer({ min: 0, max: 20 * QUARTER_MS });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const range = { from: Math.min(one, other), to: Math.max(one, other) };
        const { quarters, edges } = splitRange(range);
        const parts = [edges[0], quarters, edges[1]].filter(({ from, to }) => from < to);
        const inOrder = parts.toSorted((first, second) => first.from - second.from);
        const ends = [range.from, ...inOrder.map(({ to }) => to)];
        expect(inOrder.map(({ from }) => from)).toEqual(ends.slice(0, -1));
        expect(ends.at(-1)).toBe(range.to);
        expect([quarters.from % QUARTER_MS, quarters.to % QUARTER_MS]).toEqual(
          quarters.from < quarters.to ? [0, 0] : [range.to % QUARTER_MS, range.to % QUARTER_MS],
        );
      }),
    );
  });
});
