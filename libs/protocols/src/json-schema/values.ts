import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { SchemaDialect } from './dialects.js';
import type { Notes } from './walk.js';

const NULL: JsonObject = { type: 'null' };
/** In either spelling: what lies below a node is rewritten before it. */
const isNullWord = (type: JsonValue | undefined): boolean => type === 'null' || type === 'NULL';
const isNullSchema = (schema: JsonValue): boolean =>
  isJsonObject(schema) && isNullWord(schema['type']) && Object.keys(schema).length === 1;

/** The values a node may take, written as the dialect writes them: types, nulls, constants and enumerations. */
export function rewriteValues(node: JsonObject, dialect: SchemaDialect, notes: Notes): JsonObject {
  let rewritten = dialect.const === 'enum' ? constAsEnum(node, notes) : node;
  if (dialect.nulls === 'type-array') rewritten = nullableAsType(rewritten);
  rewritten = rewriteEnum(rewritten, dialect, notes);
  if (dialect.nulls === 'nullable') rewritten = typeAsNullable(rewritten, notes);
  return dialect.untyped === 'refused' ? withType(rewritten, notes) : rewritten;
}

function constAsEnum(node: JsonObject, notes: Notes): JsonObject {
  if (node['const'] === undefined) return node;
  const { const: value, enum: listed, ...rest } = node;
  // Nothing fits both, which no list can say.
  if (Array.isArray(listed) && !listed.includes(value)) notes.lose('enum', listed);
  return { ...rest, enum: [value] };
}

/** `nullable`, of those who write OpenAPI, as JSON Schema says it. */
function nullableAsType(node: JsonObject): JsonObject {
  if (node['nullable'] !== true) return node;
  const { nullable: _nullable, ...rest } = node;
  return orNull(rest);
}

/** The same node, which may be null besides. */
export function orNull(node: JsonObject): JsonObject {
  if (acceptsNull(node)) return node;
  const { type, enum: values, anyOf, $ref, ...rest } = node;
  if (Array.isArray(anyOf) && type === undefined) return { ...node, anyOf: [...anyOf, NULL] };
  if (typeof $ref === 'string' || node['const'] !== undefined) {
    const { description, ...alone } = node;
    return { ...(description !== undefined && { description }), anyOf: [alone, NULL] };
  }
  if (type === undefined && values === undefined) return node;
  return {
    ...rest,
    ...(anyOf !== undefined && { anyOf }),
    ...(type !== undefined && { type: [...(Array.isArray(type) ? type : [type]), 'null'] }),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}

/** Whether null fits all that a node says of its values; where it says nothing, nobody has asked for null. */
export function acceptsNull({ type, enum: values, const: value, anyOf, oneOf, nullable }: JsonObject): boolean {
  if (nullable === true) return true;
  const says = [
    ...(value === undefined ? [] : [value === null]),
    ...(Array.isArray(values) ? [values.includes(null)] : []),
    ...(type === undefined ? [] : [Array.isArray(type) ? type.includes('null') : isNullWord(type)]),
    ...(Array.isArray(anyOf) ? [countNullable(anyOf) > 0] : []),
    ...(Array.isArray(oneOf) ? [countNullable(oneOf) === 1] : []),
  ];
  return says.length > 0 && says.every(Boolean);
}

const countNullable = (branches: readonly JsonValue[]): number =>
  branches.filter((branch) => isJsonObject(branch) && acceptsNull(branch)).length;

const ENUM_TYPES = { any: [], 'strings-and-numbers': ['string', 'number'], strings: ['string'] } as const;

function rewriteEnum(node: JsonObject, { enumValues, nulls }: SchemaDialect, notes: Notes): JsonObject {
  const { enum: values, ...rest } = node;
  if (!Array.isArray(values) || enumValues === 'any') return node;
  const types: readonly string[] = ENUM_TYPES[enumValues];
  const listed = values.filter((value) => value !== null);
  const hasNull = listed.length < values.length && acceptsNull(node);
  if (listed.length === 0 || !listed.every((value) => types.includes(typeof value)))
    return withoutList(rest, values, hasNull, notes);
  if (!hasNull)
    return listed.length < values.length
      ? withoutIdleNull({ ...node, enum: listed }, enumValues)
      : withoutIdleNull(node, enumValues);
  if (nulls === 'nullable') return { ...rest, type: 'string', enum: listed, nullable: true };
  const { description, ...bare } = rest;
  const told = description !== undefined && { description };
  return { ...told, anyOf: [{ ...bare, ...withoutNull(bare), enum: listed }, NULL] };
}

/** A list that the dialect cannot hold, as the types of its values; only some lists are told in full by that. */
function withoutList(rest: JsonObject, values: readonly JsonValue[], hasNull: boolean, notes: Notes): JsonObject {
  const listed = values.filter((value) => value !== null);
  const kinds = [...new Set(listed.map(kindOf))];
  const type = hasNull || listed.length === 0 ? [...kinds, 'null'] : kinds;
  const exhaustive =
    rest['type'] === undefined &&
    (listed.length === 0 || (kinds.length === 1 && kinds[0] === 'boolean' && new Set(listed).size === 2));
  if (!exhaustive) notes.lose('enum', values);
  return { ...rest, ...(rest['type'] === undefined && { type: type.length === 1 ? (type[0] ?? 'null') : type }) };
}

/** A type says nothing of what the values beside it leave out, and strings are all that some lists may hold. */
function withoutIdleNull(node: JsonObject, enumValues: SchemaDialect['enumValues']): JsonObject {
  const { type } = node;
  if (enumValues === 'strings') return type === 'string' || type === 'STRING' ? node : { ...node, type: 'string' };
  return Array.isArray(type) && type.includes('null') ? { ...node, ...withoutNull(node) } : node;
}

/** What is left of a type once null is told elsewhere. */
function withoutNull({ type }: JsonObject): { type?: JsonValue } {
  if (!Array.isArray(type)) return type === undefined ? {} : { type };
  const left = type.filter((word) => word !== 'null');
  return { type: left.length === 1 ? (left[0] ?? 'null') : left };
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

const upper = (word: JsonValue): JsonValue => (typeof word === 'string' ? word.toUpperCase() : word);

/** OpenAPI's spelling: one type in capitals, `nullable` beside it, several types as alternatives. */
function typeAsNullable(node: JsonObject, notes: Notes): JsonObject {
  const { type, anyOf } = node;
  if (Array.isArray(type)) {
    const words = type.filter((word) => word !== 'null').map(upper);
    const { type: _type, ...rest } = node;
    const nullable = words.length < type.length && words.length > 0 ? { nullable: true } : {};
    if (words.length <= 1) return typeAsNullable({ ...rest, type: words[0] ?? 'NULL', ...nullable }, notes);
    if (anyOf === undefined) return { ...rest, anyOf: words.map((word) => ({ type: word })), ...nullable };
    notes.lose('type', type);
    return typeAsNullable({ ...rest, ...nullable }, notes);
  }
  if (Array.isArray(anyOf) && anyOf.some(isNullSchema)) return nullAsNullable(node, anyOf, notes);
  return typeof type === 'string' && type !== type.toUpperCase() ? { ...node, type: type.toUpperCase() } : node;
}

/** An alternative that is null, told beside the others; where the node's own type leaves null out, it is none. */
function nullAsNullable(node: JsonObject, anyOf: readonly JsonValue[], notes: Notes): JsonObject {
  const { anyOf: _anyOf, ...rest } = node;
  const branches = anyOf.filter((branch) => !isNullSchema(branch));
  const fitsNull = rest['type'] === undefined || acceptsNull(rest);
  const [only] = branches;
  if (!only && fitsNull) return { ...rest, type: 'NULL' };
  // Nothing fits such a node, and an empty list says nothing.
  if (!only) notes.lose('anyOf', anyOf);
  const isAlone = branches.length === 1 && isJsonObject(only) && Object.keys(only).every((name) => !(name in rest));
  const others = isAlone ? only : branches.length > 0 && { anyOf: branches };
  const told = { ...rest, ...others, ...(fitsNull && { nullable: true }) };
  return typeAsNullable(told, notes);
}

/** A type for a node that leaves it open, where the dialect insists on one. */
function withType(node: JsonObject, notes: Notes): JsonObject {
  if (['type', 'anyOf', '$ref', 'enum', 'const'].some((keyword) => node[keyword] !== undefined)) return node;
  if (isJsonObject(node['properties'])) return { type: 'object', ...node };
  if (node['items'] !== undefined) return { type: 'array', ...node };
  notes.lose('type', 'any');
  return { type: ['string', 'number', 'boolean', 'null'], ...node };
}
