import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

const ANNOTATIONS: ReadonlySet<string> = new Set(['description', 'title', 'default', 'examples', '$comment']);

/** Two schemas that must both hold, as one, and the keywords in which they could not be joined. */
export interface Merged {
  readonly schema: JsonObject;
  readonly conflicts: readonly string[];
}

/** Joins `other` into `schema`. Where both annotate, `schema` is heard. */
export function mergeSchemas(schema: JsonObject, other: JsonObject): Merged {
  const merged: Record<string, JsonValue | undefined> = { ...schema };
  const conflicts: string[] = [];
  for (const [keyword, value] of Object.entries(other)) {
    const own = merged[keyword];
    if (value === undefined || ANNOTATIONS.has(keyword)) merged[keyword] ??= value;
    else if (own === undefined) merged[keyword] = value;
    else if (JSON.stringify(own) !== JSON.stringify(value)) {
      const joined = joinKeyword(keyword, own, value);
      if (joined === undefined) conflicts.push(keyword);
      else merged[keyword] = joined;
    }
  }
  // Each side closes itself for properties of its own only, so what both say together is more than one closed object.
  const closesOut = closes(schema) !== closes(other) || (closes(schema) && differ(schema, other));
  if (closesOut && isJsonObject(schema['properties']) && isJsonObject(other['properties']))
    conflicts.push('additionalProperties');
  return { schema: merged, conflicts };
}

const closes = ({ additionalProperties }: JsonObject): boolean =>
  additionalProperties !== undefined && additionalProperties !== true;

const differ = (schema: JsonObject, other: JsonObject): boolean =>
  JSON.stringify(schema['properties']) !== JSON.stringify(other['properties']);

function joinKeyword(keyword: string, own: JsonValue, value: JsonValue): JsonValue | undefined {
  if (keyword === 'required' && Array.isArray(own) && Array.isArray(value)) return [...new Set([...own, ...value])];
  if (keyword === '$defs' || keyword === 'definitions')
    return isJsonObject(own) && isJsonObject(value) ? { ...value, ...own } : own;
  if (keyword === 'properties' && isJsonObject(own) && isJsonObject(value)) return joinProperties(own, value);
  return undefined;
}

function joinProperties(own: JsonObject, other: JsonObject): JsonObject | undefined {
  const joined: Record<string, JsonValue | undefined> = { ...own };
  for (const [name, value] of Object.entries(other)) {
    const mine = joined[name];
    if (mine === undefined) joined[name] = value;
    else if (JSON.stringify(mine) !== JSON.stringify(value)) {
      if (!isJsonObject(mine) || !isJsonObject(value)) return undefined;
      const { schema, conflicts } = mergeSchemas(mine, value);
      if (conflicts.length > 0) return undefined;
      joined[name] = schema;
    }
  }
  return joined;
}
