// OpenAI's request validation as data: a field table says what each field may hold, and a value outside it is
// answered with the message, `param` and `code` that OpenAI gives (texts as recorded by public SDK issue threads).
import { refuse } from './refuse.js';

/** Throws a Refusal when the value at `path` is not what the field may hold. */
export type Check = (value: unknown, path: string) => void;
export type Fields = Readonly<Record<string, Check>>;

export type Json = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const article = (name: string): string => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`);

const nameOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal';
  return article(typeof value);
};

const wrongType = (path: string, expected: string, value: unknown): never =>
  refuse(`Invalid type for '${path}': expected ${expected}, but got ${nameOf(value)} instead.`, {
    param: path,
    code: 'invalid_type',
  });

export const anything: Check = () => undefined;

export const aBoolean: Check = (value, path) => {
  if (typeof value !== 'boolean') wrongType(path, 'a boolean', value);
};

export const aString =
  ({ max }: { max?: number } = {}): Check =>
  (value, path) => {
    if (typeof value !== 'string') return wrongType(path, 'a string', value);
    if (max !== undefined && value.length > max)
      refuse(
        `Invalid '${path}': string too long. Expected a string with maximum length ${max}, but got a string with length ${value.length} instead.`,
        { param: path, code: 'string_above_max_length' },
      );
  };

export const aName =
  (pattern: RegExp, max: number): Check =>
  (value, path) => {
    aString({ max })(value, path);
    if (!pattern.test(String(value)))
      refuse(
        `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${pattern.source}'.`,
        { param: path, code: 'invalid_value' },
      );
  };

export const aNumber =
  (min: number, max: number): Check =>
  (value, path) => {
    if (typeof value !== 'number') return wrongType(path, 'a decimal', value);
    inRange('decimal', value, { path, min, max });
  };

export const anInteger =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return wrongType(path, 'an integer', value);
    inRange('integer', value, { path, min, max });
  };

const inRange = (
  kind: 'decimal' | 'integer',
  value: number,
  { path, min, max }: { path: string; min: number; max: number },
): void => {
  if (value < min)
    refuse(`Invalid '${path}': ${kind} below minimum value. Expected a value >= ${min}, but got ${value} instead.`, {
      param: path,
      code: `${kind}_below_min_value`,
    });
  if (value > max)
    refuse(`Invalid '${path}': ${kind} above maximum value. Expected a value <= ${max}, but got ${value} instead.`, {
      param: path,
      code: `${kind}_above_max_value`,
    });
};

const listed = (values: readonly string[]): string => {
  const quoted = values.map((value) => `'${value}'`);
  return quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
};

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, path) => {
    if (typeof value !== 'string') return wrongType(path, `one of ${listed(values)}`, value);
    if (!values.includes(value))
      refuse(`Invalid value: '${value}'. Supported values are: ${listed(values)}.`, {
        param: path,
        code: 'invalid_value',
      });
  };

export const nullable =
  (check: Check): Check =>
  (value, path) => {
    if (value !== null) check(value, path);
  };

export const anArray =
  (check: Check, { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return wrongType(path, 'an array', value);
    if (value.length < min)
      refuse(
        `Invalid '${path}': empty array. Expected an array with minimum length ${min}, but got an empty array instead.`,
        { param: path, code: 'empty_array' },
      );
    if (value.length > max)
      refuse(
        `Invalid '${path}': array too long. Expected an array with maximum length ${max}, but got an array with length ${value.length} instead.`,
        { param: path, code: 'array_above_max_length' },
      );
    for (let index = 0; index < value.length; index += 1) check(value[index], `${path}[${index}]`);
  };

/** `string | other`: many of OpenAI's fields take a plain string or something richer. */
export const stringOr =
  (check: Check): Check =>
  (value, path) => {
    if (typeof value !== 'string') check(value, path);
  };

export const anObjectOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isObject(value)) return wrongType(path, 'an object', value);
    for (const key of Object.keys(value)) check(value[key], `${path}.${key}`);
  };

export const anyObject: Check = (value, path) => {
  if (!isObject(value)) wrongType(path, 'an object', value);
};

/** An object with exactly these fields; null stands for absent wherever it is optional, as OpenAI reads it. */
export const anObject =
  (fields: Fields, { required = [] }: { required?: readonly string[] } = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return wrongType(path, 'an object', value);
    for (const key of required) if (value[key] === undefined) missingParameter(`${path}.${key}`);
    for (const key of Object.keys(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (check === undefined) return unknownParameter(`${path}.${key}`);
      if (value[key] !== null || required.includes(key)) check(value[key], `${path}.${key}`);
    }
  };

/** An object whose `type` decides which fields it has. */
export const taggedBy =
  (tag: string, variants: Readonly<Record<string, Check>>, { fallback }: { fallback?: string } = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return wrongType(path, 'an object', value);
    const kind = value[tag] ?? fallback;
    if (kind === undefined) return missingParameter(`${path}.${tag}`);
    const check = typeof kind === 'string' && Object.hasOwn(variants, kind) ? variants[kind] : undefined;
    if (check === undefined) return oneOf(...Object.keys(variants))(kind, `${path}.${tag}`);
    check(value, path);
  };

/** What the official SDK's helpers leave on objects that its users then send back: harmless, so it is let through. */
export const HELPER_FIELDS: Fields = { parsed: anything, parsed_arguments: anything };

export const unknownParameter = (path: string): never =>
  refuse(`Unknown parameter: '${path}'.`, { param: path, code: 'unknown_parameter' });

export const missingParameter = (path: string): never =>
  refuse(`Missing required parameter: '${path}'.`, { param: path, code: 'missing_required_parameter' });
