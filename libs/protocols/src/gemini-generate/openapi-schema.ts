import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

const TYPES: readonly string[] = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'];

/** Where a schema holds other schemas; everything else in it is a value, and names of properties are the caller's. */
const WITHIN: Readonly<Record<string, 'one' | 'list' | 'map'>> = {
  items: 'one',
  additionalProperties: 'one',
  not: 'one',
  anyOf: 'list',
  oneOf: 'list',
  allOf: 'list',
  prefixItems: 'list',
  properties: 'map',
  patternProperties: 'map',
  $defs: 'map',
  definitions: 'map',
};

/**
 * A schema as JSON Schema says it. The OpenAPI subset of this wire writes types in capitals and `nullable` beside them;
 * clients write both dialects into both slots (clients 0.18).
 */
export function toJsonSchema(schema: JsonObject): JsonObject {
  const { nullable, example, propertyOrdering: _shown, ...rest } = schema;
  const read: Record<string, JsonValue | undefined> = {};
  for (const [keyword, value] of Object.entries(rest)) read[keyword] = readKeyword(keyword, value);
  if (example !== undefined) read['examples'] ??= [example];
  return nullable === true ? withNull(read) : read;
}

function readKeyword(keyword: string, value: JsonValue | undefined): JsonValue | undefined {
  if (keyword === 'type') return readType(value);
  const place = Object.hasOwn(WITHIN, keyword) ? WITHIN[keyword] : undefined;
  if (place === 'one') return readNode(value);
  if (place === 'list' && Array.isArray(value))
    return (value as readonly JsonValue[]).map((entry) => readNode(entry) ?? entry);
  if (place === 'map' && isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, readNode(entry)]));
  return value;
}

const readNode = (value: JsonValue | undefined): JsonValue | undefined =>
  isJsonObject(value) ? toJsonSchema(value) : value;

const typeWord = (word: JsonValue): JsonValue =>
  typeof word === 'string' && TYPES.includes(word) ? word.toLowerCase() : word;

const readType = (value: JsonValue | undefined): JsonValue | undefined => {
  if (value === undefined || value === 'TYPE_UNSPECIFIED') return undefined;
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(typeWord) : typeWord(value);
};

function withNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  const types: readonly JsonValue[] =
    type === undefined ? [] : Array.isArray(type) ? (type as readonly JsonValue[]) : [type];
  if (types.length === 0) {
    const { anyOf } = schema;
    return Array.isArray(anyOf) ? { ...schema, anyOf: [...(anyOf as readonly JsonValue[]), { type: 'null' }] } : schema;
  }
  return {
    ...schema,
    type: types.includes('null') ? types : [...types, 'null'],
    ...(Array.isArray(values) &&
      !(values as readonly JsonValue[]).includes(null) && { enum: [...(values as readonly JsonValue[]), null] }),
  };
}
