import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { mergeSchemas } from './merge.js';
import { mayFollow, ROOT, type Notes, type Place, type Walk } from './walk.js';

export interface Followed {
  readonly node: JsonObject;
  /** Where the node stands in the client's schema. */
  readonly place: Place;
}

/** A node whose reference is kept where the dialect follows it itself, and replaced by what it means elsewhere. */
export function followRef(schema: JsonObject, from: Place, walk: Walk, notes: Notes): Followed {
  let node = schema;
  let place = from;
  while (typeof node['$ref'] === 'string') {
    const ref = node['$ref'];
    if (from !== ROOT && isKept(node, ref, place, walk)) return { node: alone(node, walk), place };
    const inlined = inlineRef(node, ref, place, walk, notes);
    if (!inlined) {
      const { $ref: _ref, ...siblings } = node;
      notes.lose('$ref', ref);
      return { node: { type: 'object', ...siblings }, place };
    }
    ({ node, place } = inlined);
  }
  return { node, place };
}

/** A node with what its reference means in it; undefined where that is nothing, or something around the node. */
export function inlineRef(node: JsonObject, ref: string, place: Place, walk: Walk, notes: Notes): Followed | undefined {
  const { $ref: _ref, ...siblings } = node;
  const target = !mayFollow(walk, place) || place.inlined.includes(ref) ? undefined : walk.definitions.find(ref);
  if (!isJsonObject(target)) return undefined;
  // Definitions are found from the document's root, wherever they are used.
  const { $defs: _defs, definitions: _definitions, ...meant } = target;
  const { schema, conflicts } = mergeSchemas(siblings, meant, walk.joining);
  for (const keyword of conflicts) notes.lose(keyword, target[keyword]);
  return { node: schema, place: { ...place, pointer: ref.slice(1), inlined: [...place.inlined, ref] } };
}

function isKept(node: JsonObject, ref: string, place: Place, { dialect, definitions }: Walk): boolean {
  if (!dialect.refs?.test(ref) || !isJsonObject(definitions.find(ref))) return false;
  if (dialect.refSiblings === 'wrapped' && node['anyOf'] !== undefined) return false;
  if (dialect.recursion === 'anywhere' || !definitions.isRecursive(ref)) return true;
  return dialect.recursion === 'in-optional-properties' && place.optional;
}

/** A reference by itself, where the dialect lets nothing stand beside one. */
function alone(node: JsonObject, { dialect }: Walk): JsonObject {
  const { $ref, ...siblings } = node;
  if (dialect.refSiblings === 'allowed' || Object.keys(siblings).length === 0) return node;
  return { ...siblings, anyOf: [{ $ref }] };
}
