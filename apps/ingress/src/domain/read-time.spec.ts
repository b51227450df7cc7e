import { inUtc, readTime } from './read-time.js';

const read = (text: string) => readTime(new URLSearchParams({ since: text }), 'since');

describe('a time in a query', () => {
  it.each([
    { text: '1700000000', time: 1_700_000_000_000 },
    { text: '1700000000123', time: 1_700_000_000_123 },
    { text: '0', time: 0 },
    { text: '2026-11-21', time: Date.UTC(2026, 10, 21) },
    { text: '2028-02-29', time: Date.UTC(2028, 1, 29) },
    { text: '2026-11-21T10:00', time: Date.UTC(2026, 10, 21, 10) },
    { text: '2026-11-21 10:00:30.5', time: Date.UTC(2026, 10, 21, 10, 0, 30, 500) },
    { text: 'Nov 21 2026', time: Date.UTC(2026, 10, 21) },
    { text: '2026-11-21T10:00:00Z', time: Date.UTC(2026, 10, 21, 10) },
    { text: '2026-11-21T10:00+05:45', time: Date.UTC(2026, 10, 21, 4, 15) },
    { text: '2026-11-21 10:00 -0500', time: Date.UTC(2026, 10, 21, 15) },
    { text: 'Sat, 21 Nov 2026 10:00:00 GMT', time: Date.UTC(2026, 10, 21, 10) },
  ])('is $text', ({ text, time }) => {
    expect(read(text)).toBe(time);
  });

  // Told apart from the line above, which a machine in UTC cannot fail.
  it.each(['2026-11-21T10:00', '2026-11-21 10:00', 'Nov 21 2026', '2026-11-21'])(
    'is in UTC without a zone: %s',
    (date) => {
      expect(inUtc(date)).toBe(`${date}Z`);
    },
  );

  it.each([
    ...[
      'yesterday',
      '2026-13-01',
      '2026-02-30',
      '2026-11-31T10:00',
      '2026-02-29T00:00:00Z',
      '2026-11-21T10:00:00 05:45',
      '12.5h',
    ],
    ...['2026', '202611', '20261122', '202611221030', '20261122103000', '1700000000123456'],
  ])('is refused as %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
  });
});
