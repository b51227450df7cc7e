import { readCredential } from './index.js';

describe('readCredential', () => {
  it.each([
    {
      name: 'x-api-key first',
      headers: { 'x-api-key': 'a', 'x-goog-api-key': 'b', authorization: 'Bearer c' },
      query: 'key=d',
      key: 'a',
    },
    {
      name: 'then x-goog-api-key',
      headers: { 'x-goog-api-key': 'b', authorization: 'Bearer c' },
      query: 'key=d',
      key: 'b',
    },
    { name: 'then a Bearer token', headers: { authorization: 'bearer  c' }, query: 'key=d', key: 'c' },
    { name: 'then the query', headers: {}, query: 'alt=sse&key=d', key: 'd' },
    { name: 'an empty carrier as none', headers: { 'x-api-key': ' ', authorization: 'Bearer c' }, query: '', key: 'c' },
    { name: 'no other scheme', headers: { authorization: 'Basic c' }, query: '', key: undefined },
    { name: 'no other parameter', headers: {}, query: 'monkey=d', key: undefined },
  ])('takes $name', ({ headers, query, key }) => {
    expect(readCredential(headers, query)).toBe(key);
  });
});
