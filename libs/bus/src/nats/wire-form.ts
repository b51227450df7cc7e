import type { z } from 'zod';

/** Schemas by whether their values are their own wire form, found out once for each. */
const known = new WeakMap<z.core.$ZodType, boolean>();

/**
 * Whether a value of this schema is written as it stands. Then checking it for sending is the same as checking it on
 * arrival, for which zod has compiled code; its encoder walks the schema anew for every value, at several times the
 * cost. Only a schema with a codec within, such as money, needs the encoder.
 */
export function isOwnWireForm(schema: z.core.$ZodType): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const found = holdsNoCodec(schema);
  known.set(schema, found);
  return found;
}

/** Kinds that it does not name may change what passes through them, and count as codecs. */
function holdsNoCodec(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'unknown':
      return true;
    case 'object':
      return def.catchall === undefined && Object.values(def.shape).every(isOwnWireForm);
    case 'array':
      return isOwnWireForm(def.element);
    case 'record':
      return isOwnWireForm(def.keyType) && isOwnWireForm(def.valueType);
    case 'union':
      return def.options.every(isOwnWireForm);
    case 'optional':
    case 'nullable':
      return isOwnWireForm(def.innerType);
    default:
      return false;
  }
}
