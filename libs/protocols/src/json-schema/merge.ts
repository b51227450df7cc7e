import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

const ANNOTATIONS: ReadonlySet<string> = new Set(['description', 'title', 'default', 'examples', '$comment']);

/** Two schemas that must both hold, as one, and the keywords in which they could not be joined. */
export interface Merged {
  readonly schema: JsonObject;
  readonly conflicts: readonly string[];
}

/** What joining may still cost: every join goes through what was joined before, so thousands of them would never end. */
export interface JoinRoom {
  keysLeft: number;
}

/** Whether there is room to go through all that these hold, which is taken for it. */
function takeRoom(room: JoinRoom, ...nodes: readonly (JsonValue | undefined)[]): boolean {
  for (const node of nodes) {
    if (room.keysLeft <= 0) return false;
    if (typeof node === 'object' && node !== null)
      room.keysLeft -= Array.isArray(node) ? node.length : Object.keys(node).length;
  }
  return room.keysLeft > 0;
}

/** Joins `other` into `schema`. Where both annotate, `schema` is heard; where no room is left, nothing is joined. */
export function mergeSchemas(schema: JsonObject, other: JsonObject, room: JoinRoom): Merged {
  if (!takeRoom(room, schema, schema['properties'])) return { schema, conflicts: Object.keys(other) };
  const merged: Record<string, JsonValue | undefined> = { ...schema };
  const conflicts: string[] = [];
  for (const [keyword, value] of Object.entries(other)) {
    const own = merged[keyword];
    if (value === undefined || ANNOTATIONS.has(keyword)) merged[keyword] ??= value;
    else if (own === undefined) merged[keyword] = value;
    else if (keyword === 'properties' || !isSame(own, value, room)) {
      const joined = joinKeyword({ keyword, own, value }, room);
      if (joined === undefined) conflicts.push(keyword);
      else merged[keyword] = joined;
    }
  }
  // Each side closes itself for properties of its own only, so what both say together is more than one closed object.
  const closesOut = (closes(schema) && hasProperties(other)) || (closes(other) && hasProperties(schema));
  if (closesOut && differ(schema, other, room)) conflicts.push('additionalProperties');
  return { schema: merged, conflicts };
}

const closes = ({ additionalProperties }: JsonObject): boolean =>
  additionalProperties !== undefined && additionalProperties !== true;

const hasProperties = ({ properties }: JsonObject): boolean => isJsonObject(properties);

const differ = (schema: JsonObject, other: JsonObject, room: JoinRoom): boolean =>
  !isSame(schema['properties'], other['properties'], room);

/** Whether two values are the same JSON, as far as there is room to tell. */
function isSame(own: JsonValue | undefined, value: JsonValue | undefined, room: JoinRoom): boolean {
  if (own === value) return true;
  if (typeof own !== 'object' || typeof value !== 'object' || own === null || value === null) return false;
  if (Array.isArray(own) !== Array.isArray(value) || !takeRoom(room, own)) return false;
  const [mine, theirs] = [Object.entries(own), Object.keys(value).length];
  return (
    mine.length === theirs &&
    mine.every(([name, item]) => Object.hasOwn(value, name) && isSame(item, (value as JsonObject)[name], room))
  );
}

interface Both {
  readonly keyword: string;
  readonly own: JsonValue;
  readonly value: JsonValue;
}

function joinKeyword({ keyword, own, value }: Both, room: JoinRoom): JsonValue | undefined {
  if (keyword === 'required' && Array.isArray(own) && Array.isArray(value))
    return takeRoom(room, own) ? [...new Set([...own, ...value])] : undefined;
  if (keyword === '$defs' || keyword === 'definitions')
    return isJsonObject(own) && isJsonObject(value) && takeRoom(room, own) ? { ...value, ...own } : own;
  if (keyword === 'properties' && isJsonObject(own) && isJsonObject(value)) return joinProperties(own, value, room);
  return undefined;
}

function joinProperties(own: JsonObject, other: JsonObject, room: JoinRoom): JsonObject | undefined {
  const joined: Record<string, JsonValue | undefined> = { ...own };
  for (const [name, value] of Object.entries(other)) {
    const mine = joined[name];
    if (mine === undefined) joined[name] = value;
    else if (!isSame(mine, value, room)) {
      if (!isJsonObject(mine) || !isJsonObject(value)) return undefined;
      const { schema, conflicts } = mergeSchemas(mine, value, room);
      if (conflicts.length > 0) return undefined;
      joined[name] = schema;
    }
  }
  return joined;
}
