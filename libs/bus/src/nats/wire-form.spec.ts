import { billing, generation, translation } from '@bytespike/contracts';
import fc from 'fast-check';
import { z } from 'zod';

import { wireForm } from './wire-form.js';
import { decodeJson, encodeValue } from './wire-json.js';

const Money = z.codec(z.string().regex(/^-?\d{1,19}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => String(amount),
});

/** One of every kind that the contracts are made of. */
const Sample = z.object({
  name: z.string().max(5),
  count: z.number().int().nonnegative().optional(),
  kind: z.enum(['x', 'y']).nullable(),
  anything: z.unknown(),
  amount: Money,
  limits: z.array(z.object({ limit: Money.optional(), note: z.string().nullable() })).max(2),
  usage: z.partialRecord(z.enum(['input', 'output']), z.number()),
  choice: z.discriminatedUnion('type', [
    z.object({ type: z.literal('a'), a: z.number() }),
    z.object({ type: z.literal('b'), b: z.string().refine((text) => text !== 'no') }),
  ]),
});

/** Nearly always what the contract says; now and then wrong, missing or too much. */
const nearly = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(undefined, null, 'no', 7, {}) });

const samples = (amount: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record(
    {
      name: nearly(fc.string({ maxLength: 5 })),
      count: nearly(fc.nat()),
      kind: nearly(fc.constantFrom('x', 'y', null)),
      anything: nearly(fc.json()),
      amount: nearly(amount),
      limits: nearly(fc.array(nearly(fc.record({ limit: amount, note: fc.string(), secret: fc.string() })))),
      usage: nearly(fc.dictionary(fc.constantFrom('input', 'output'), fc.nat(), { noNullPrototype: true })),
      choice: nearly(
        fc.oneof(fc.record({ type: fc.constant('a'), a: fc.nat() }), fc.constant({ type: 'b', b: 'yes', secret: 1 })),
      ),
      secret: fc.string(),
    },
    { requiredKeys: ['name', 'kind', 'amount', 'limits', 'usage', 'choice'], noNullPrototype: true },
  );

const attempt = <T>(work: () => T): T | 'refused' => {
  try {
    return work();
  } catch {
    return 'refused';
  }
};

describe('a turned and compiled schema', () => {
  it('writes exactly what the encoder of zod writes, and refuses what it refuses', () => {
    fc.assert(
      fc.property(samples(fc.bigInt()), (value) => {
        const encoded = z.safeEncode(Sample, value as never);
        const expected = encoded.success ? JSON.stringify(encoded.data) : 'refused';
        expect(attempt(() => encodeValue(Sample, value, 'it'))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads exactly what zod reads, and refuses what it refuses', () => {
    fc.assert(
      fc.property(samples(fc.oneof(fc.bigInt().map(String), fc.string())), (json) => {
        const decoded = z.safeDecode(Sample, json as never);
        const expected = decoded.success ? decoded.data : 'refused';
        expect(attempt(() => decodeJson(Sample, json, 'it', 'internal'))).toStrictEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    { name: 'a transformation', schema: z.object({ a: z.string().transform(Number) }) },
    { name: 'a default', schema: z.object({ a: z.string().default('x') }) },
    { name: 'a check of what holds a codec', schema: z.object({ a: Money }).refine(({ a }) => a > 0n) },
  ])('is not made of $name', ({ schema }) => expect(wireForm(schema).leaving).toBeUndefined());

  const messages = [
    billing.hold.input,
    billing.hold.output,
    billing.usage.payload,
    generation.run.input,
    generation.run.head,
    generation.run.outcome,
    translation.run.input,
  ];
  it('is made of every message of a request', () => {
    expect(messages.every((schema) => wireForm(schema).leaving !== undefined)).toBe(true);
    expect(() => messages.map((schema) => z.compile(schema, { strict: true }))).not.toThrow();
  });
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
    { name: 'with a check that only the encoder of zod can make', schema: z.object({ a: Money }).refine(() => true) },
  ])('refuses what its contract does not allow, $name', ({ schema }) => {
    expect(() => encodeValue(schema, { a: 7 }, 'it')).toThrow('it does not match its contract: a invalid_type');
  });
});
