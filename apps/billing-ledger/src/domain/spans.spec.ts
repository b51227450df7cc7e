import type { Span } from '@bytespike/contracts';

import { bucketOf, leavesAt } from './spans.js';

const at = (time: string): number => Date.parse(`2026-11-20T${time}Z`);
const told = (moment: number): string => (Number.isFinite(moment) ? new Date(moment).toISOString() : 'never');

describe('spans', () => {
  it.each<{ span: Span; bucket: string; leaves: string }>([
    { span: '5h', bucket: '2026-11-20T13:40:00.000Z', leaves: '2026-11-20T18:45:00.000Z' },
    { span: '1d', bucket: '2026-11-20T13:30:00.000Z', leaves: '2026-11-21T13:45:00.000Z' },
    { span: '7d', bucket: '2026-11-20T13:00:00.000Z', leaves: '2026-11-27T14:00:00.000Z' },
    { span: 'life', bucket: '1970-01-01T00:00:00.000Z', leaves: 'never' },
  ])(
    'count 13:44:59.999 in the bucket of $span that began at $bucket and leaves at $leaves',
    ({ span, bucket, leaves }) => {
      const begun = bucketOf(span, at('13:44:59.999'));
      expect([told(begun), told(leavesAt(span, begun))]).toEqual([bucket, leaves]);
    },
  );

  it('never free late money early: a bucket leaves a whole span after its end', () => {
    const last = at('13:44:59.999');
    expect(leavesAt('5h', bucketOf('5h', last)) - last).toBeGreaterThanOrEqual(5 * 3_600_000);
  });
});
