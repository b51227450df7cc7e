import type { JsonValue } from '@bytespike/kernel';

import { addArgument } from './partial-arguments.js';

type Piece = Parameters<typeof addArgument>[1];

const joined = (...pieces: readonly Piece[]): JsonValue | undefined =>
  pieces.reduce<JsonValue | undefined>((value, piece) => addArgument(value, piece), undefined);

describe('arguments in pieces', () => {
  it.each<{ name: string; pieces: readonly Piece[]; value: JsonValue }>([
    {
      name: 'a string in two',
      pieces: [
        { jsonPath: '$.a', stringValue: 'x' },
        { jsonPath: '$.a', stringValue: 'y' },
      ],
      value: { a: 'xy' },
    },
    {
      name: 'values of every type',
      pieces: [
        { jsonPath: '$.n', numberValue: 0 },
        { jsonPath: '$.b', boolValue: false },
        { jsonPath: '$.z' },
        { jsonPath: '$.s', stringValue: '' },
      ],
      value: { n: 0, b: false, z: null, s: '' },
    },
    {
      name: 'objects in lists in objects',
      pieces: [
        { jsonPath: '$.a.list[1].name', stringValue: 'second' },
        { jsonPath: '$.a.list[0].name', stringValue: 'first' },
      ],
      value: { a: { list: [{ name: 'first' }, { name: 'second' }] } },
    },
    {
      name: 'a list whose beginning never came',
      pieces: [{ jsonPath: '$.a[2]', numberValue: 1 }],
      value: { a: [null, null, 1] },
    },
    {
      name: 'names in quotes',
      pieces: [
        { jsonPath: "$['a b'].c", numberValue: 1 },
        { jsonPath: '$["d\\"e"]', numberValue: 2 },
        { jsonPath: "$['it\\'s']", numberValue: 3 },
      ],
      value: { 'a b': { c: 1 }, 'd"e': 2, "it's": 3 },
    },
  ])('are one again: $name', ({ pieces, value }) => {
    expect(joined(...pieces)).toEqual(value);
  });

  it('make a member of any name, and nothing else', () => {
    const value = joined({ jsonPath: '$.__proto__.polluted', boolValue: true });
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect({}).not.toHaveProperty('polluted');
  });

  it.each([
    { name: 'a path that is none', pieces: [{ jsonPath: 'a.b', numberValue: 1 }] },
    { name: 'a path to everything', pieces: [{ jsonPath: '$', numberValue: 1 }] },
    { name: 'a path that breaks off', pieces: [{ jsonPath: '$.a[', numberValue: 1 }] },
    { name: 'an endless list', pieces: [{ jsonPath: '$.a[4294967295]', numberValue: 1 }] },
    { name: 'an endless depth', pieces: [{ jsonPath: `$${'.a'.repeat(100)}`, numberValue: 1 }] },
    {
      name: 'a member of a number',
      pieces: [
        { jsonPath: '$.a', numberValue: 1 },
        { jsonPath: '$.a.b', numberValue: 2 },
      ],
    },
    {
      name: 'an entry of an object',
      pieces: [
        { jsonPath: '$.a.b', numberValue: 1 },
        { jsonPath: '$.a[0]', numberValue: 2 },
      ],
    },
    {
      name: 'a member of a list',
      pieces: [
        { jsonPath: '$.a[0]', numberValue: 1 },
        { jsonPath: '$.a.b', numberValue: 2 },
      ],
    },
  ])('do not fit together: $name', ({ pieces }) => {
    expect(joined(...pieces)).toBeUndefined();
  });
});
