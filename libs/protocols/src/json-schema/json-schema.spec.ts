import type { JsonObject } from '@bytespike/kernel';

import type { SchemaDialectName } from './dialects.js';
import { projectResponseSchema, projectToolSchema } from './project-schema.js';

const P = { type: 'string' };
const OR_NULL = { type: ['string', 'null'] };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const a = (kind: string): JsonObject => object({ kind: { const: kind } });
const endless = object({ next: { $ref: '#/$defs/node' } });
const ending = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } };
const upper = { type: 'STRING' };

type Case = readonly [name: string, dialect: SchemaDialectName, schema: JsonObject, becomes: JsonObject | string];

describe('the schema of an answer', () => {
  const open = { type: 'object', properties: { p: P }, required: ['p'] };
  it.each<Case>([
    ['closes an object', 'openai-strict', open, { ...open, additionalProperties: false }],
    ['lets more in', 'anthropic-strict', { ...open, additionalProperties: P }, '/additionalProperties'],
    ['has a free object', 'openai-strict', object({ p: { type: 'object' } }), '/properties/p/additionalProperties'],
    ['may leave one out', 'openai-strict', object({ p: P }, { required: [] }), '/properties/p/optional'],
    ['may leave one out', 'anthropic-strict', object({ p: P }, { required: [] }), object({ p: P }, { required: [] })],
    ['may null one', 'openai-strict', object({ p: OR_NULL }, { required: [] }), object({ p: OR_NULL })],
    ['names its language', 'openai-strict', { $schema: 'draft', ...object({ p: P }) }, object({ p: P })],
    ['is a list', 'openai-strict', { type: 'array', items: P }, '/type'],
    ['is a list', 'gemini-json-schema', { type: 'array', items: P }, { type: 'array', items: P }],
    ['is one of two', 'openai-strict', { anyOf: [a('x'), a('y')] }, '/anyOf'],
    [
      'refers from its root',
      'openai-strict',
      { $ref: '#/$defs/a', $defs: { a: a('x') } },
      { $defs: { a: a('x') }, ...a('x') },
    ],
    [
      'refers with a word',
      'openai-strict',
      object({ p: { $ref: '#/$defs/s', description: 'w' } }, { $defs: { s: P } }),
      object({ p: { description: 'w', anyOf: [{ $ref: '#/$defs/s' }] } }, { $defs: { s: P } }),
    ],
    ['refers to nothing', 'openai-strict', object({ p: { $ref: '#/$defs/s' } }), '/properties/p/$ref'],
    [
      'refers elsewhere',
      'gemini-json-schema',
      object({ p: { $ref: '#/definitions/s' } }, { definitions: { s: P } }),
      object({ p: P }),
    ],
    [
      'recurs',
      'anthropic-strict',
      object({ p: { $ref: '#/$defs/node' } }, { $defs: { node: endless } }),
      '/$defs/node/properties/next/$ref',
    ],
    [
      'recurs for ever',
      'gemini-json-schema',
      object({ p: { $ref: '#/$defs/node' } }, { $defs: { node: endless } }),
      '/$defs/node/properties/next/$ref',
    ],
    [
      'recurs and ends',
      'gemini-json-schema',
      object({ p: { $ref: '#/$defs/node' } }, { $defs: { node: ending } }),
      object({ p: ending }, { $defs: { node: ending } }),
    ],
    ['recurs', 'gemini-openapi', { type: 'object', properties: { p: { $ref: '#' } } }, '/properties/p/$ref'],
    ['has a constant', 'gemini-json-schema', { const: 'x' }, { enum: ['x'] }],
    ['has a constant', 'gemini-openapi', { const: 'x' }, { enum: ['x'], type: 'STRING' }],
    ['has a number', 'gemini-openapi', { type: 'integer', const: 1 }, '/enum'],
    ['is true or false', 'gemini-json-schema', { enum: [true, false] }, { type: 'boolean' }],
    ['is true', 'gemini-json-schema', { const: true }, '/enum'],
    ['is null', 'gemini-json-schema', { const: null }, { type: 'null' }],
    ['may be null', 'gemini-openapi', OR_NULL, { type: 'STRING', nullable: true }],
    ['lists null', 'gemini-openapi', { enum: ['x', null] }, { enum: ['x'], type: 'STRING', nullable: true }],
    [
      'lists null',
      'gemini-json-schema',
      { ...OR_NULL, enum: ['x', null] },
      { anyOf: [{ type: 'string', enum: ['x'] }, { type: 'null' }] },
    ],
    ['lists no null', 'gemini-openapi', { ...OR_NULL, enum: ['x'] }, { ...upper, enum: ['x'] }],
    [
      'is one of three',
      'gemini-openapi',
      { type: ['string', 'integer', 'null'] },
      { anyOf: [upper, { type: 'INTEGER' }], nullable: true },
    ],
    [
      'is a type or null',
      'gemini-openapi',
      { anyOf: [{ ...P, description: 'w' }, { type: 'null' }] },
      { ...upper, description: 'w', nullable: true },
    ],
    ['is null alone', 'gemini-openapi', { anyOf: [{ type: 'null' }] }, { type: 'NULL' }],
    [
      'may not be null',
      'gemini-openapi',
      { ...P, anyOf: [{ minLength: 1 }, { type: 'null' }] },
      { ...upper, minLength: 1 },
    ],
    ['fits nothing', 'gemini-openapi', { ...P, anyOf: [{ type: 'null' }] }, '/anyOf'],
    ['has types and alternatives', 'gemini-openapi', { type: ['string', 'integer'], anyOf: [P, {}] }, '/type'],
    [
      'lists null and rules it out',
      'gemini-json-schema',
      { enum: ['x', null], oneOf: [P, { ...P, minItems: 1 }] },
      { enum: ['x'], oneOf: [P, { ...P, minItems: 1 }] },
    ],
    [
      'is exactly one',
      'openai-strict',
      object({ p: { oneOf: [a('x'), a('y')] } }),
      object({ p: { anyOf: [a('x'), a('y')] } }),
    ],
    ['is exactly one of like ones', 'openai-strict', object({ p: { oneOf: [P, P] } }), '/properties/p/oneOf'],
    ['is exactly one', 'gemini-json-schema', { oneOf: [P, P] }, { oneOf: [P, P] }],
    [
      'is all of two',
      'gemini-json-schema',
      { allOf: [{ properties: { p: P } }, { properties: { q: P } }] },
      { properties: { p: P, q: P } },
    ],
    [
      'is all of nothing and something',
      'gemini-json-schema',
      { additionalProperties: false, allOf: [{ properties: { p: P } }] },
      '/allOf',
    ],
    ['is all of itself', 'gemini-json-schema', { $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } } }, '/$defs/a/allOf'],
    ['has a pattern', 'anthropic-strict', object({ p: { ...P, pattern: '^x' } }), '/properties/p/pattern'],
    ['has an odd format', 'openai-strict', object({ p: { ...P, format: 'uri' } }), '/properties/p/format'],
    ['is never right', 'gemini-json-schema', { properties: { p: false } }, '/properties/p/schema'],
    ['has a strange name', 'gemini-json-schema', { properties: { 'a/b~c': { not: {} } } }, '/properties/a~1b~0c/not'],
  ])('%s (%s)', (_name, dialect, schema, becomes) => {
    const projected = projectResponseSchema(schema, dialect);
    expect(projected).toEqual(typeof becomes === 'string' ? { unrepresentable: becomes } : { schema: becomes });
  });
});

describe('the schema of a tool', () => {
  it('says in words what the dialect has no keyword for', () => {
    const schema = {
      type: 'object',
      properties: { count: { type: 'integer', description: 'how many', exclusiveMinimum: 0, default: 1 } },
      patternProperties: { '^x-': P },
    };
    expect(projectToolSchema(schema, 'gemini-json-schema')).toEqual({
      schema: {
        type: 'object',
        properties: { count: { type: 'integer', description: 'how many\n(exclusiveMinimum: 0; default: 1)' } },
        description: '(patternProperties: {"^x-":{"type":"string"}})',
      },
      dropped: ['/properties/count/exclusiveMinimum', '/patternProperties'],
    });
  });

  it('lets an optional argument be null where all are required', () => {
    const { schema } = projectToolSchema({ type: 'object', properties: { p: { enum: ['x'] } } }, 'openai-strict');
    expect(schema).toEqual(object({ p: { enum: ['x', null], description: '(optional: "null where absent")' } }));
  });

  it('joins alternatives at the root whatever their properties are called', () => {
    const properties = { constructor: P, toString: P };
    const { schema } = projectToolSchema({ type: 'object', anyOf: [{ properties }] }, 'openai-strict');
    expect(Object.keys((schema as JsonObject)['properties'] as JsonObject)).toEqual(Object.keys(properties));
  });

  it('joins alternatives at the root', () => {
    const { schema } = projectToolSchema({ type: 'object', anyOf: [{ properties: { p: OR_NULL } }] }, 'openai-strict');
    expect(schema).toMatchObject({ type: 'object', properties: { p: OR_NULL }, required: ['p'] });
  });

  it('stops where references multiply without end', () => {
    const doubling = Array.from({ length: 40 }, (_, at) => [
      `d${at}`,
      { type: 'object', properties: { l: { $ref: `#/$defs/d${at + 1}` }, r: { $ref: `#/$defs/d${at + 1}` } } },
    ]);
    const { dropped } = projectToolSchema(
      { $ref: '#/$defs/d0', $defs: Object.fromEntries(doubling) },
      'gemini-openapi',
    );
    expect(dropped.some((pointer) => pointer.endsWith('/depth'))).toBe(true);
  });
});
