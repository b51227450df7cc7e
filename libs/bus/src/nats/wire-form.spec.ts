import { z } from 'zod';

import { isOwnWireForm } from './wire-form.js';
import { encodeValue } from './wire-json.js';

const Money = z.codec(z.string(), z.bigint(), { decode: (text) => BigInt(text), encode: (amount) => String(amount) });

describe('isOwnWireForm', () => {
  it.each([
    { name: 'plain fields', schema: z.object({ a: z.string(), b: z.number().optional(), c: z.boolean().nullable() }) },
    { name: 'lists and records', schema: z.array(z.record(z.string(), z.enum(['x', 'y']))) },
    { name: 'a choice', schema: z.union([z.literal('x'), z.unknown()]) },
  ])('is true of $name', ({ schema }) => expect(isOwnWireForm(schema)).toBe(true));

  it.each([
    { name: 'a codec', schema: Money },
    { name: 'a codec deep inside', schema: z.array(z.object({ rows: z.record(z.string(), Money.optional()) })) },
    { name: 'a transformation', schema: z.object({ a: z.string().transform(Number) }) },
    { name: 'a default', schema: z.object({ a: z.string().default('x') }) },
  ])('is false of $name', ({ schema }) => expect(isOwnWireForm(schema)).toBe(false));
});

describe('encodeValue', () => {
  it('sends what the contract names and nothing else', () => {
    const schema = z.object({ a: z.string(), list: z.array(z.object({ b: z.number() })) });
    const value = { a: 'x', secret: 1, list: [{ b: 2, secret: 3 }] };
    expect(encodeValue(schema, value, 'it')).toBe('{"a":"x","list":[{"b":2}]}');
  });

  it('turns a codec to its wire form', () => {
    expect(encodeValue(z.object({ amount: Money }), { amount: 12n }, 'it')).toBe('{"amount":"12"}');
  });

  it.each([
    { name: 'without a codec', schema: z.object({ a: z.string() }) },
    { name: 'with a codec', schema: z.object({ a: z.string(), amount: Money.optional() }) },
  ])('refuses what its contract does not allow, $name', ({ schema }) => {
    expect(() => encodeValue(schema, { a: 7 }, 'it')).toThrow('it does not match its contract: a invalid_type');
  });
});
