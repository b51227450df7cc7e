import { readPageSize, type PageSizes } from './page-size.js';

const REFUSING: PageSizes = { usual: 50, max: 200, beyond: 'refused' };
const CUTTING: PageSizes = { ...REFUSING, beyond: 'cut' };

const read = (query: string, sizes: PageSizes) => readPageSize(new URLSearchParams(query), 'limit', sizes);

describe('readPageSize', () => {
  it.each([
    { query: '', size: 50 },
    { query: 'limit=', size: 50 },
    { query: 'limit=1', size: 1 },
    { query: 'limit=200', size: 200 },
  ])('reads "$query" as $size', ({ query, size }) => {
    expect(read(query, REFUSING)).toBe(size);
    expect(read(query, CUTTING)).toBe(size);
  });

  it.each(['limit=0', 'limit=-1', 'limit=1e1', 'limit=0x10', 'limit=1.0', 'limit=%201', 'limit=ten'])(
    'refuses %s, naming the parameter',
    (query) => {
      const refusal = { kind: 'invalid-request', details: { param: 'limit' } };
      expect(() => read(query, REFUSING)).toThrow(expect.objectContaining(refusal));
      expect(() => read(query, CUTTING)).toThrow(expect.objectContaining(refusal));
    },
  );

  it('refuses or cuts what is more than there is, as its list is used to', () => {
    expect(() => read('limit=201', REFUSING)).toThrow('from 1 to 200');
    expect(read('limit=201', CUTTING)).toBe(200);
  });
});
