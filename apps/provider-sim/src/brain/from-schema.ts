import type { JsonObject, JsonValue } from './conversation.js';

const DEPTH_MAX = 12;

/** Makes a value that satisfies a JSON Schema: the same one every time, named after where it stands. */
export const valueFromSchema = (schema: JsonObject): JsonValue =>
  make(schema, { root: schema, name: 'value', depth: 0 });

interface Place {
  readonly root: JsonObject;
  readonly name: string;
  readonly depth: number;
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const make = (schema: JsonValue | undefined, place: Place): JsonValue => {
  if (!isObject(schema) || place.depth > DEPTH_MAX) return null;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (typeof schema.$ref === 'string') return make(resolve(schema.$ref, place.root), deeper(place, place.name));
  for (const key of ['anyOf', 'oneOf'] as const) {
    const branches = schema[key];
    if (Array.isArray(branches))
      return make({ ...schema, [key]: undefined, ...asObject(branches[0]) }, deeper(place, place.name));
  }
  if (Array.isArray(schema.allOf)) return make(mergeAll(schema), deeper(place, place.name));
  return MAKERS[typeOf(schema)]?.(schema, place) ?? {};
};

const asObject = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
const deeper = (place: Place, name: string): Place => ({ ...place, name, depth: place.depth + 1 });

const mergeAll = (schema: JsonObject): JsonObject => {
  const parts = Array.isArray(schema.allOf) ? schema.allOf.map(asObject) : [];
  const properties = Object.assign({}, ...[schema, ...parts].map((part) => asObject(part.properties)));
  return Object.assign({}, ...parts, schema, { allOf: undefined, properties });
};

const typeOf = (schema: JsonObject): string => {
  const type = Array.isArray(schema.type) ? schema.type.find((name) => name !== 'null') : schema.type;
  if (typeof type === 'string') return type.toLowerCase();
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? 'object' : 'array';
};

const number = (value: JsonValue | undefined, fallback: number): number =>
  typeof value === 'number' ? value : fallback;

const makeNumber = (schema: JsonObject, step: number): number => {
  const least = number(
    schema.minimum,
    typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum + step : 1,
  );
  const most = number(
    schema.maximum,
    typeof schema.exclusiveMaximum === 'number' ? schema.exclusiveMaximum - step : Infinity,
  );
  return Math.min(Math.max(least, Math.min(1, most)), most);
};

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-02',
  time: '03:04:05Z',
  'date-time': '2026-01-02T03:04:05Z',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
};

const makeString = (schema: JsonObject, { name }: Place): string => {
  const format = typeof schema.format === 'string' ? FORMATS[schema.format] : undefined;
  const text = format ?? `a ${name}`;
  return text.padEnd(number(schema.minLength, 0), '.').slice(0, number(schema.maxLength, Infinity));
};

const MAKERS: Readonly<Record<string, (schema: JsonObject, place: Place) => JsonValue>> = {
  object: (schema, place) =>
    Object.fromEntries(
      Object.entries(asObject(schema.properties)).map(([name, property]) => [
        name,
        make(property, deeper(place, name)),
      ]),
    ),
  array: (schema, place) =>
    Array.from({ length: Math.max(1, number(schema.minItems, 1)) }, () =>
      make(schema.items ?? { type: 'string' }, deeper(place, place.name)),
    ),
  string: makeString,
  integer: (schema) => Math.ceil(makeNumber(schema, 1)),
  number: (schema) => makeNumber(schema, 0.5),
  boolean: () => true,
  null: () => null,
};

/** Follows a local reference (`#/$defs/Name`); anything else is unknown here and becomes an empty schema. */
const resolve = (reference: string, root: JsonObject): JsonValue => {
  if (!reference.startsWith('#')) return {};
  let found: JsonValue | undefined = root;
  for (const name of reference.split('/').slice(1)) found = isObject(found) ? found[name] : undefined;
  return found ?? {};
};
