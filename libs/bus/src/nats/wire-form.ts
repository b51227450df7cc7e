import { z } from 'zod';

/** One schema of a contract, made ready for both ways of the wire. */
export interface WireForm {
  /** Checks what has arrived, and turns it to the value. */
  readonly arriving: z.ZodType;
  /** Checks a value, and turns it to what is written; undefined where only zod's own encoder can. */
  readonly leaving: z.ZodType | undefined;
}

const known = new WeakMap<z.ZodType, WireForm>();

/**
 * Zod compiles a schema for the way from the wire; its encoder walks the schema anew for every value, at several times
 * the cost. So a schema is turned about, once: the turned one takes values and makes their wire form, compiled.
 */
export function wireForm(schema: z.ZodType): WireForm {
  const before = known.get(schema);
  if (before) return before;
  const turned = turn(schema);
  const form = { arriving: z.compile(schema), leaving: turned && z.compile(turned) };
  known.set(schema, form);
  return form;
}

/**
 * The same schema from its other end. Kinds that it does not name are left to zod, and so are checks of what holds a
 * codec: they are about the value, and the turned schema would ask them of its wire form. Only a length is that of both.
 */
function turn(schema: z.core.$ZodType): z.ZodType | undefined {
  if (holdsNoCodec(schema)) return schema as z.ZodType;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const { checks = [] } = def;
  if (checks.length > 0 && !(def.type === 'array' && checks.every(isOfLength))) return undefined;
  switch (def.type) {
    case 'object':
      return def.catchall === undefined ? turnObject(def.shape) : undefined;
    case 'array':
      return turn(def.element)
        ?.array()
        .check(...(checks as z.core.$ZodCheck<readonly unknown[]>[]));
    case 'optional':
      return turn(def.innerType)?.optional();
    case 'nullable':
      return turn(def.innerType)?.nullable();
    case 'pipe':
      return turnCodec(def);
    default:
      return undefined;
  }
}

const LENGTH_CHECKS: readonly string[] = ['min_length', 'max_length', 'length_equals'];
const isOfLength = (check: z.core.$ZodCheck<never>): boolean => LENGTH_CHECKS.includes(check._zod.def.check);

function turnObject(shape: Readonly<Record<string, z.core.$ZodType>>): z.ZodType | undefined {
  const turned: Record<string, z.ZodType> = {};
  for (const [key, member] of Object.entries(shape)) {
    const other = turn(member);
    if (!other) return undefined;
    turned[key] = other;
  }
  return z.object(turned);
}

function turnCodec({ in: wire, out: value, transform, reverseTransform }: z.core.$ZodPipeDef): z.ZodType | undefined {
  if (!transform || !reverseTransform || !holdsNoCodec(wire) || !holdsNoCodec(value)) return undefined;
  return z.codec(value, wire, { decode: reverseTransform, encode: transform });
}

/** Whether a value of this schema is written as it stands. Kinds that it does not name may change what passes through them. */
function holdsNoCodec(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
    case 'enum':
    case 'literal':
    case 'unknown':
      return true;
    case 'object':
      return def.catchall === undefined && Object.values(def.shape).every(holdsNoCodec);
    case 'array':
      return holdsNoCodec(def.element);
    case 'record':
      return holdsNoCodec(def.keyType) && holdsNoCodec(def.valueType);
    case 'union':
      return def.options.every(holdsNoCodec);
    case 'optional':
    case 'nullable':
      return holdsNoCodec(def.innerType);
    default:
      return false;
  }
}
