import { usageReport } from './usage-report.js';
import { BUCKETS_MAX } from './usage-selection.js';

const tokens = { input: 1, cacheRead: 2, cacheWrite: 3, output: 4, reasoning: 5 };
const sums = { calls: 1, cost: 7n, tokens, images: 4, seconds: 8 };

describe('a usage report', () => {
  it('names hours by where they begin, with the offset of then', () => {
    const hour = { local: '2026-11-20T13:00:00', ...sums };
    const offsets = [0, 20_700, -12_600].map((offsetSeconds) => ({ ...hour, offsetSeconds }));
    expect(usageReport(offsets)).toEqual({
      buckets: [
        { time: '2026-11-20T13:00:00Z', ...sums },
        { time: '2026-11-20T13:00:00+05:45', ...sums },
        { time: '2026-11-20T13:00:00-03:30', ...sums },
      ],
      totals: {
        ...{ calls: 3, cost: 21n, images: 12, seconds: 24 },
        tokens: { input: 3, cacheRead: 6, cacheWrite: 9, output: 12, reasoning: 15 },
      },
    });
  });

  it('is refused when it would be longer than anyone reads', () => {
    const many = Array.from({ length: BUCKETS_MAX + 1 }, () => sums);
    expect(usageReport(many.slice(1)).buckets).toHaveLength(BUCKETS_MAX);
    expect(() => usageReport(many)).toThrow('ask for a shorter range');
  });
});
