import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import { ADVICE, isVacuous, SILENT, SUBSCHEMAS } from './dialects.js';
import { mergeSchemas } from './merge.js';
import { rewriteObject, rewriteRoot } from './objects.js';
import { followRef, inlineRef, type Followed } from './references.js';
import { rewriteValues } from './values.js';
import { describe, hasRoom, openNotes, ROOT, within, type Notes, type Place, type Walk } from './walk.js';

/** One node and all below it in the walk's dialect; the same object where nothing had to change. */
export function projectNode(schema: JsonValue | undefined, place: Place, walk: Walk): JsonValue {
  if (schema === true) return {};
  const notes = openNotes(walk, place);
  if (!isJsonObject(schema)) {
    notes.lose('schema', schema);
    return describe({}, notes);
  }
  if (!hasRoom(walk, place)) return {};
  const joined = joinAllOf(followRef(schema, place, walk, notes), walk, notes);
  const dealt = asAnyOf(joined.node, walk, notes);
  const kept = projectKeywords(dealt, joined.place, walk, notes);
  const valued = rewriteValues(kept, walk.dialect, notes);
  const rooted = place === ROOT ? rewriteRoot(valued, walk.dialect, notes) : valued;
  return describe(rewriteObject(rooted, walk, joined.place, notes), notes);
}

/** Schemas that must all hold, as one, for dialects that cannot say so. */
function joinAllOf({ node, place }: Followed, walk: Walk, notes: Notes): Followed {
  const branches = node['allOf'];
  if (!Array.isArray(branches) || walk.dialect.keywords.has('allOf')) return { node, place };
  const { allOf: _allOf, ...rest } = node;
  let joined: JsonObject = rest;
  let { inlined } = place;
  for (const branch of branches) {
    if (branch === true) continue;
    const plain = isJsonObject(branch) ? plainBranch(branch, place, walk, notes) : undefined;
    const merged = plain && mergeSchemas(joined, plain.node, walk.joining);
    if (!merged || merged.conflicts.length > 0) notes.lose('allOf', branch);
    if (!merged) continue;
    joined = merged.schema;
    inlined = [...inlined, ...plain.place.inlined];
  }
  return { node: joined, place: { ...place, inlined } };
}

/** A branch without references and branches of its own; undefined for one that leads back into itself. */
function plainBranch(branch: JsonObject, from: Place, walk: Walk, notes: Notes): Followed | undefined {
  let plain: Followed | undefined = { node: branch, place: { ...from, depth: from.depth + 1 } };
  while (plain && typeof plain.node['$ref'] === 'string')
    plain = inlineRef(plain.node, plain.node['$ref'], plain.place, walk, notes);
  return plain && hasRoom(walk, plain.place) ? joinAllOf(plain, walk, notes) : undefined;
}

/** "Exactly one" as "any": the same where no value fits two of the alternatives. */
function asAnyOf(node: JsonObject, { dialect }: Walk, notes: Notes): JsonObject {
  const { oneOf, ...rest } = node;
  if (!Array.isArray(oneOf) || dialect.keywords.has('oneOf')) return node;
  if (rest['anyOf'] !== undefined) {
    notes.lose('oneOf', oneOf);
    return rest;
  }
  if (!areDisjoint(oneOf)) notes.lose('oneOf', 'exactly one of the alternatives');
  return { ...rest, anyOf: oneOf };
}

function areDisjoint(branches: readonly JsonValue[]): boolean {
  const nodes = branches.filter(isJsonObject);
  if (nodes.length < branches.length) return false;
  const types = nodes.map(({ type }) => type);
  // An integer is a number too.
  const plain = types.map((type) => (type === 'integer' ? 'number' : type));
  if (plain.every((type) => typeof type === 'string') && new Set(plain).size === plain.length) return true;
  const [first] = nodes;
  const properties = isJsonObject(first?.['properties']) ? Object.keys(first['properties']) : [];
  return properties.some((name) => tellsApart(nodes, name));
}

/** Whether a required property has another constant in every branch. */
function tellsApart(nodes: readonly JsonObject[], name: string): boolean {
  const constants = nodes.flatMap(({ properties, required }) => {
    const property = isJsonObject(properties) ? properties[name] : undefined;
    if (!isJsonObject(property) || !Array.isArray(required) || !required.includes(name)) return [];
    const { const: value, enum: values } = property;
    const [only] = Array.isArray(values) && values.length === 1 ? values : [value];
    return only === undefined ? [] : [JSON.stringify(only)];
  });
  return constants.length === nodes.length && new Set(constants).size === constants.length;
}

/** Nothing refers to definitions that stand elsewhere than at the root: such references were inlined. */
const DEFINITIONS: ReadonlySet<string> = new Set(['$defs', 'definitions']);

function projectKeywords(node: JsonObject, place: Place, walk: Walk, notes: Notes): JsonObject {
  const projected: Record<string, JsonValue> = {};
  const { dialect } = walk;
  let changed = false;
  for (const [keyword, value] of Object.entries(node)) {
    if (value === undefined) continue;
    // The rewriting of values reads both, whichever the dialect writes in the end.
    const known = dialect.keywords.has(keyword) || keyword === 'const' || keyword === 'nullable';
    if (DEFINITIONS.has(keyword) && place.depth > 0) {
      changed = true;
      continue;
    }
    if (known && isHeld(keyword, value, walk)) {
      const kept = projectKeyword(keyword, value, { place, required: node['required'] }, walk);
      projected[keyword] = kept;
      changed ||= kept !== value;
      continue;
    }
    changed = true;
    if (SILENT.has(keyword) || isVacuous(keyword, value)) continue;
    if (ADVICE.has(keyword)) notes.advise(keyword, value);
    else notes.lose(keyword, value);
  }
  return changed ? projected : node;
}

/** Whether the dialect, which knows the keyword, holds this value of it too. */
function isHeld(keyword: string, value: JsonValue, { dialect: { formats, minItemsMax, nulls } }: Walk): boolean {
  if (keyword === 'format') return !formats || (typeof value === 'string' && formats.has(value));
  if (keyword === 'minItems') return typeof value === 'number' && value <= minItemsMax;
  if (keyword === 'nullable') return nulls === 'nullable' || value === true;
  return true;
}

interface Within {
  readonly place: Place;
  readonly required: JsonValue | undefined;
}

function projectKeyword(keyword: string, value: JsonValue, { place, required }: Within, walk: Walk): JsonValue {
  const form = Object.hasOwn(SUBSCHEMAS, keyword) ? SUBSCHEMAS[keyword as keyof typeof SUBSCHEMAS] : undefined;
  if (form === 'one') return typeof value === 'boolean' ? value : projectNode(value, within(place, keyword), walk);
  if (form === 'list' && Array.isArray(value)) {
    const list = value.map((item, at) => projectNode(item, within(place, keyword, at), walk));
    return list.every((item, at) => item === value[at]) ? value : list;
  }
  if (form === 'map' && isJsonObject(value)) return projectMap(keyword, value, { place, required }, walk);
  return value;
}

function projectMap(keyword: string, map: JsonObject, { place, required }: Within, walk: Walk): JsonObject {
  const needed = new Set<JsonValue>(Array.isArray(required) ? required : []);
  const mayLack = (name: string): boolean => keyword === 'properties' && !needed.has(name);
  const projected = Object.fromEntries(
    Object.entries(map).map(([name, item]) => {
      return [name, projectNode(item, { ...within(place, keyword, name), optional: mayLack(name) }, walk)];
    }),
  );
  return Object.entries(projected).every(([name, item]) => item === map[name]) ? map : projected;
}
