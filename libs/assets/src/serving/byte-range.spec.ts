import { readRange } from './byte-range.js';

describe('readRange', () => {
  it.each([
    { header: 'bytes=0-0', range: { first: 0, last: 0 } },
    { header: 'bytes=0-', range: { first: 0, last: 99 } },
    { header: 'bytes=10-19', range: { first: 10, last: 19 } },
    { header: 'bytes=90-1000', range: { first: 90, last: 99 } },
    { header: 'bytes=-10', range: { first: 90, last: 99 } },
    { header: 'bytes=-1000', range: { first: 0, last: 99 } },
    { header: ' bytes=1-2 ', range: { first: 1, last: 2 } },
    { header: 'bytes=100-', range: 'unsatisfiable' },
    { header: 'bytes=100-200', range: 'unsatisfiable' },
    { header: 'bytes=-0', range: 'unsatisfiable' },
    { header: undefined, range: undefined },
    { header: 'bytes=', range: undefined },
    { header: 'bytes=-', range: undefined },
    { header: 'bytes=2-1', range: undefined },
    { header: 'bytes=0-1,5-6', range: undefined },
    { header: 'bytes=a-b', range: undefined },
    { header: 'bytes=+1-2', range: undefined },
    { header: 'items=0-1', range: undefined },
    { header: `bytes=${'9'.repeat(400)}-`, range: undefined },
  ])('reads $header of a hundred bytes', ({ header, range }) => {
    expect(readRange(header, 100)).toEqual(range);
  });

  it.each(['bytes=0-', 'bytes=-5', 'bytes=0-0'])('finds nothing at %s of an empty asset', (header) => {
    expect(readRange(header, 0)).toBe('unsatisfiable');
  });
});
