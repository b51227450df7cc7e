import { toJsonSchema } from './openapi-schema.js';

describe('a schema of the OpenAPI subset', () => {
  it.each([
    {
      name: 'types in capitals, at every depth, and not in names, values or examples',
      from: {
        type: 'OBJECT',
        properties: {
          type: { type: 'STRING', enum: ['OBJECT', 'ARRAY'] },
          list: { type: 'ARRAY', items: { type: 'INTEGER' } },
        },
        example: { type: 'STRING' },
      },
      to: {
        type: 'object',
        properties: {
          type: { type: 'string', enum: ['OBJECT', 'ARRAY'] },
          list: { type: 'array', items: { type: 'integer' } },
        },
        examples: [{ type: 'STRING' }],
      },
    },
    { name: 'nullable', from: { type: 'STRING', nullable: true }, to: { type: ['string', 'null'] } },
    {
      name: 'nullable beside values',
      from: { type: 'STRING', enum: ['a'], nullable: true },
      to: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      name: 'nullable beside alternatives',
      from: { anyOf: [{ type: 'STRING' }], nullable: true },
      to: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    { name: 'nullable that is said of nothing', from: { nullable: true, description: 'x' }, to: { description: 'x' } },
    { name: 'nullable that is false', from: { type: 'STRING', nullable: false }, to: { type: 'string' } },
    { name: 'a type that says nothing', from: { type: 'TYPE_UNSPECIFIED' }, to: {} },
    { name: 'an order of properties', from: { type: 'OBJECT', propertyOrdering: ['a'] }, to: { type: 'object' } },
    {
      name: 'JSON Schema, as it was',
      from: { type: ['string', 'null'], $defs: { a: { type: 'number' } }, additionalProperties: false, anyOf: [true] },
      to: { type: ['string', 'null'], $defs: { a: { type: 'number' } }, additionalProperties: false, anyOf: [true] },
    },
  ])('is read: $name', ({ from, to }) => {
    expect(toJsonSchema(from)).toEqual(to);
  });
});
