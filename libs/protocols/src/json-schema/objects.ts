import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { SchemaDialect } from './dialects.js';
import { acceptsNull, orNull } from './values.js';
import { describe, openNotes, within, type Notes, type Place, type Walk } from './walk.js';

const isObjectSchema = ({ type, properties }: JsonObject): boolean =>
  type === 'object' ||
  (Array.isArray(type) && type.includes('object')) ||
  (type === undefined && isJsonObject(properties));

/** An object as vendors with a decoder of their own insist on it: closed, perhaps with nothing left out. */
export function rewriteObject(node: JsonObject, walk: Walk, place: Place, notes: Notes): JsonObject {
  const { objects } = walk.dialect;
  if (objects === 'free' || !isObjectSchema(node)) return node;
  const closed = closeObject(node, notes);
  return objects === 'closed-and-all-required' ? requireAll(closed, walk, place) : closed;
}

function closeObject(node: JsonObject, notes: Notes): JsonObject {
  const { additionalProperties: more, properties } = node;
  if (more === false) return node;
  // Answers with the named properties alone still fit a schema that lets more in; a free-form object has no others.
  const named = isJsonObject(properties) && Object.keys(properties).length > 0;
  if (!named || (more !== undefined && more !== true)) notes.lose('additionalProperties', more ?? true);
  return { ...node, additionalProperties: false };
}

function requireAll(node: JsonObject, walk: Walk, place: Place): JsonObject {
  const properties = isJsonObject(node['properties']) ? node['properties'] : {};
  const names = Object.keys(properties);
  const required = new Set<JsonValue>(Array.isArray(node['required']) ? node['required'] : []);
  const optional = names.filter((name) => !required.has(name));
  if (optional.length === 0) return node;
  const rewritten: Record<string, JsonValue | undefined> = { ...properties };
  for (const name of optional) {
    const property = properties[name];
    if (!isJsonObject(property) || acceptsNull(property)) continue;
    const notes = openNotes(walk, within(place, 'properties', name));
    notes.lose('optional', 'null where absent');
    rewritten[name] = describe(orNull(property), notes);
  }
  return { ...node, properties: rewritten, required: names };
}

/** What calls its root an object, with alternatives joined into it where the dialect takes none there. */
export function rewriteRoot(node: JsonObject, dialect: SchemaDialect, notes: Notes): JsonObject {
  if (dialect.root === 'any') return node;
  const { type, anyOf } = node;
  if (dialect.root === 'object-without-alternatives' && Array.isArray(anyOf))
    return rewriteRoot(joined(node, anyOf, notes), dialect, notes);
  if (type === 'object') return node;
  if (type !== undefined || !isJsonObject(node['properties'])) notes.lose('type', type);
  return { type: 'object', ...(isJsonObject(node['properties']) ? { ...node, type: 'object' } : { properties: {} }) };
}

function joined(node: JsonObject, branches: readonly JsonValue[], notes: Notes): JsonObject {
  const { anyOf, ...rest } = node;
  notes.lose('anyOf', anyOf);
  // No plain object: a property may be called `constructor`, which every one of them has.
  const properties = new Map<string, JsonValue | undefined>();
  for (const { properties: own } of [rest, ...branches.filter(isJsonObject)])
    for (const [name, property] of Object.entries(isJsonObject(own) ? own : {}))
      if (!properties.has(name)) properties.set(name, property);
  return { ...rest, type: 'object', properties: Object.fromEntries(properties) };
}
