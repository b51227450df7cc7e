import { isJsonObject, type JsonObject } from '@bytespike/kernel';

import { SCHEMA_DIALECTS, type SchemaDialectName } from './dialects.js';
import { projectNode } from './project-node.js';
import { openWalk, ROOT, type Lost } from './walk.js';

/** A tool's schema as far as a dialect can say it, and the JSON pointers of what went into descriptions instead. */
export interface ProjectedToolSchema {
  readonly schema: JsonObject;
  readonly dropped: readonly string[];
}

/**
 * The schema of a tool's parameters, which advises a model: what the dialect cannot hold is kept as text in the
 * description of its node. A schema that fits comes back as the same object.
 */
export function projectToolSchema(schema: JsonObject, dialect: SchemaDialectName): ProjectedToolSchema {
  const { projected, lost } = project(schema, dialect);
  return { schema: projected, dropped: lost.map(({ pointer, keyword }) => `${pointer}/${keyword}`) };
}

/**
 * The schema of an answer, which is a promise to the client: rewritten only into one whose answers all fit the original.
 * Where that cannot be done, the pointer names the first constraint in the way.
 */
export function projectResponseSchema(
  schema: JsonObject,
  dialect: SchemaDialectName,
): { readonly schema: JsonObject } | { readonly unrepresentable: string } {
  const { projected, lost } = project(schema, dialect);
  const [first] = lost;
  return first ? { unrepresentable: `${first.pointer}/${first.keyword}` } : { schema: projected };
}

function project(schema: JsonObject, name: SchemaDialectName): { projected: JsonObject; lost: readonly Lost[] } {
  const walk = openWalk(schema, SCHEMA_DIALECTS[name]);
  const projected = projectNode(schema, ROOT, walk);
  return { projected: isJsonObject(projected) ? projected : {}, lost: walk.lost };
}
