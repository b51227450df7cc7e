import type { Json } from './fields.js';
import { isObject } from './fields.js';

const FORBIDDEN = ['oneOf', 'allOf', 'not', 'patternProperties', 'propertyNames', 'uniqueItems', 'if', 'then', 'else'];
const DEPTH_MAX = 10;

/** What OpenAI's strict mode finds wrong with a schema, in its words; undefined when it is fit. */
export const strictSchemaFault = (schema: unknown): string | undefined => {
  if (!isObject(schema)) return 'schema must be a JSON Schema of \'type: "object"\', got \'type: "None"\'.';
  if (schema['type'] !== 'object')
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(schema['type'] ?? 'None')}"'.`;
  return faultIn(schema, []);
};

const contextOf = (path: readonly string[]): string =>
  `(${path.map((name) => `'${name}'`).join(', ')}${path.length === 1 ? ',' : ''})`;

const faultIn = (schema: Json, path: readonly string[]): string | undefined => {
  const where = `In context=${contextOf(path)}`;
  if (path.length > DEPTH_MAX * 2) return `${where}, the schema exceeds the nesting limit of ${DEPTH_MAX}.`;
  const forbidden = FORBIDDEN.find((keyword) => schema[keyword] !== undefined);
  if (forbidden !== undefined) return `${where}, '${forbidden}' is not permitted.`;
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined;
  if (schema['type'] === 'object' || properties !== undefined) {
    if (schema['additionalProperties'] !== false)
      return `${where}, 'additionalProperties' is required to be supplied and to be false.`;
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const missing = Object.keys(properties ?? {}).find((name) => !required.includes(name));
    if (missing !== undefined)
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  }
  return faultBelow(schema, path);
};

const faultBelow = (schema: Json, path: readonly string[]): string | undefined => {
  for (const group of ['properties', '$defs', 'definitions']) {
    const children = schema[group];
    if (!isObject(children)) continue;
    for (const [name, child] of Object.entries(children)) {
      const fault = isObject(child) ? faultIn(child, [...path, group, name]) : undefined;
      if (fault !== undefined) return fault;
    }
  }
  if (isObject(schema['items'])) {
    const fault = faultIn(schema['items'], [...path, 'items']);
    if (fault !== undefined) return fault;
  }
  for (const [index, child] of (Array.isArray(schema['anyOf']) ? schema['anyOf'] : []).entries()) {
    const fault = isObject(child) ? faultIn(child, [...path, 'anyOf', String(index)]) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
};
