import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import { SCHEMA_DIALECTS, type SchemaDialectName } from './dialects.js';
import { projectResponseSchema, projectToolSchema } from './project-schema.js';

const DIALECTS = Object.keys(SCHEMA_DIALECTS) as SchemaDialectName[];
const NAMES = ['p', 'q'];

/** Schemas as clients write them, and some that nobody should. */
const { schema: arbitrarySchema } = fc.letrec<{ schema: JsonObject }>((tie) => {
  const leaf = fc.constantFrom<JsonObject>({ type: 'string' }, { $ref: '#/$defs/a' }, {});
  const inner = fc.oneof({ maxDepth: 2 }, leaf, tie('schema'));
  const scalar = fc.constantFrom<JsonValue>('x', 'y', 1, 2, true, false, null);
  const type = fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'object', 'array');
  return {
    schema: fc
      .record(
        {
          type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
          enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
          const: scalar,
          properties: fc.dictionary(fc.constantFrom(...NAMES), inner, { maxKeys: 2 }),
          required: fc.uniqueArray(fc.constantFrom(...NAMES)),
          additionalProperties: fc.oneof(fc.boolean(), inner),
          items: inner,
          anyOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
          oneOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
          allOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
          minimum: fc.constantFrom(0, 2),
          minItems: fc.constantFrom(0, 1, 2),
          pattern: fc.constant('^x$'),
          $ref: fc.constantFrom('#', '#/$defs/a', '#/$defs/b'),
          description: fc.constant('words'),
          default: scalar,
        },
        { requiredKeys: [] },
      )
      .chain((all) => fc.subarray(Object.entries(all), { maxLength: Math.min(3, Object.keys(all).length) }))
      .map((some): JsonObject => Object.fromEntries(some)),
  };
});

const documents = fc.tuple(arbitrarySchema, arbitrarySchema, arbitrarySchema).map(([p, a, b]): JsonObject => ({
  ...{ type: 'object', properties: { p }, required: ['p'], additionalProperties: false },
  $defs: { a, b },
}));

const values: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>('x', 'y', 0, 1, 1.5, 2, true, false, null),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'r'), tie('value'), { maxKeys: 2 }),
  ),
})).value;

/** Whether a value fits: JSON Schema as far as the schemas above use it, and OpenAPI's spelling of it. */
function fits(value: JsonValue, schema: JsonValue | undefined, root: JsonObject, steps = 0): boolean {
  if (schema === true || schema === undefined) return true;
  // Where references go round without reading anything, any answer is as good.
  if (!isJsonObject(schema) || steps > 20) return false;
  if (value === null && schema['nullable'] === true) return true;
  const check = (inner: JsonValue | undefined, of: JsonValue = value): boolean => fits(of, inner, root, steps + 1);
  const { $ref, enum: listed, anyOf, oneOf, allOf } = schema;
  if (typeof $ref === 'string') {
    const defs = root['$defs'] as JsonObject;
    if (!check($ref === '#' ? root : defs[$ref.slice('#/$defs/'.length)])) return false;
  }
  if (Array.isArray(listed) && !listed.includes(value)) return false;
  if (schema['const'] !== undefined && schema['const'] !== value) return false;
  if (Array.isArray(anyOf) && !anyOf.some((branch) => check(branch))) return false;
  if (Array.isArray(oneOf) && oneOf.filter((branch) => check(branch)).length !== 1) return false;
  if (Array.isArray(allOf) && !allOf.every((branch) => check(branch))) return false;
  return fitsType(value, schema['type']) && fitsContent(value, schema, check);
}

function fitsType(value: JsonValue, type: JsonValue | undefined): boolean {
  if (type === undefined) return true;
  const types = (Array.isArray(type) ? type : [type]).map((word) => String(word).toLowerCase());
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array');
  if (typeof value === 'number')
    return types.includes('number') || (types.includes('integer') && Number.isInteger(value));
  return types.includes(typeof value);
}

function fitsContent(
  value: JsonValue,
  schema: JsonObject,
  check: (inner: JsonValue | undefined, of: JsonValue) => boolean,
) {
  const { minimum, minItems, pattern, items, properties = {}, required, additionalProperties } = schema;
  if (typeof value === 'number') return typeof minimum !== 'number' || value >= minimum;
  if (typeof value === 'string') return pattern === undefined || value === 'x';
  if (Array.isArray(value))
    return value.length >= (typeof minItems === 'number' ? minItems : 0) && value.every((item) => check(items, item));
  if (!isJsonObject(value) || !isJsonObject(properties)) return true;
  if (Array.isArray(required) && !required.every((name) => Object.hasOwn(value, String(name)))) return false;
  return Object.entries(value).every(([name, inner = null]) =>
    Object.hasOwn(properties, name)
      ? check(properties[name], inner)
      : additionalProperties !== false && check(additionalProperties, inner),
  );
}

describe.each(DIALECTS)('%s', (dialect) => {
  it('projects a projection onto itself', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { schema } = projectToolSchema(document, dialect);
        const again = projectToolSchema(schema, dialect);
        expect(again).toEqual({ schema, dropped: [] });
        expect(again.schema).toBe(schema);
      }),
      { numRuns: 150 },
    );
  });

  it('promises no answer that the client has ruled out', () => {
    fc.assert(
      fc.property(documents, fc.array(values, { maxLength: 30 }), (document, answers) => {
        const projected = projectResponseSchema(document, dialect);
        if (!('schema' in projected)) return;
        const { schema } = projected;
        for (const answer of [...answers, ...answers.map((p) => ({ p }))])
          if (fits(answer, schema, schema)) expect([answer, fits(answer, document, document)]).toEqual([answer, true]);
      }),
      { numRuns: 150 },
    );
  });

  it('never throws, whatever calls itself a schema', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('type', 'properties', 'anyOf', 'allOf', '$ref', 'enum', 'required', 'items'),
          fc.jsonValue(),
        ),
        (schema) => {
          projectToolSchema(schema as JsonObject, dialect);
        },
      ),
    );
  });
});
