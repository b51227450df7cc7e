import { Refusal } from '../wire/wire.js';

/** Looks at one value of a request and refuses it in the vendor's words; `path` is where the value stands. */
export type Shape = (value: unknown, path: string) => void;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const refuseAt = (path: string, message: string): never => {
  throw new Refusal({
    status: 400,
    type: 'invalid_request_error',
    message: path === '' ? message : `${path}: ${message}`,
  });
};

const join = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);

export const anything: Shape = () => undefined;

export const text: Shape = (value, path) => {
  if (typeof value !== 'string') refuseAt(path, 'Input should be a valid string');
};

export const flag: Shape = (value, path) => {
  if (typeof value !== 'boolean') refuseAt(path, 'Input should be a valid boolean');
};

export const dictionary: Shape = (value, path) => {
  if (!isRecord(value)) refuseAt(path, 'Input should be a valid dictionary');
};

export const matching =
  (pattern: RegExp): Shape =>
  (value, path) => {
    text(value, path);
    if (!pattern.test(String(value))) refuseAt(path, `String should match pattern '${pattern.source}'`);
  };

export const integer =
  (least: number): Shape =>
  (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return refuseAt(path, 'Input should be a valid integer');
    if (value < least) refuseAt(path, `Input should be greater than or equal to ${least}`);
  };

export const numberBetween =
  (least: number, most: number): Shape =>
  (value, path) => {
    if (typeof value !== 'number') return refuseAt(path, 'Input should be a valid number');
    if (value < least) refuseAt(path, `Input should be greater than or equal to ${least}`);
    if (value > most) refuseAt(path, `Input should be less than or equal to ${most}`);
  };

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** pydantic words the last of several choices with "or". */
const choices = (values: readonly string[]): string =>
  values.length < 2 ? quoted(values) : `${quoted(values.slice(0, -1))} or ${quoted(values.slice(-1))}`;

export const oneOf =
  (...values: readonly string[]): Shape =>
  (value, path) => {
    if (typeof value !== 'string' || !values.includes(value)) refuseAt(path, `Input should be ${choices(values)}`);
  };

export const nullable =
  (shape: Shape): Shape =>
  (value, path) => {
    if (value !== null) shape(value, path);
  };

export const listOf =
  (shape: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return refuseAt(path, 'Input should be a valid list');
    for (const [index, item] of value.entries()) shape(item, join(path, index));
  };

/** A string, or the list where one is allowed instead. */
export const textOr =
  (shape: Shape): Shape =>
  (value, path) => {
    if (typeof value === 'string') return;
    shape(value, path);
  };

export type Fields = Readonly<Record<string, Shape>>;

/** An object with exactly these fields: the first missing or unknown one is refused. */
export const record =
  (required: Fields, optional: Fields = {}): Shape =>
  (value, path) => {
    if (!isRecord(value)) return refuseAt(path, 'Input should be a valid dictionary');
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) refuseAt(join(path, key), 'Field required');
    }
    for (const [key, item] of Object.entries(value)) {
      const shape = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined;
      if (shape === undefined) return refuseAt(join(path, key), 'Extra inputs are not permitted');
      shape(item, join(path, key));
    }
  };

/** A union told apart by `type`; the tag becomes part of the path, as the vendor's own messages have it. */
export const tagged =
  (shapes: Fields, untagged?: string): Shape =>
  (value, path) => {
    if (!isRecord(value)) return refuseAt(path, 'Input should be a valid dictionary');
    const tag = value.type ?? untagged;
    if (tag === undefined) return refuseAt(join(path, 'type'), 'Field required');
    const shape = typeof tag === 'string' && Object.hasOwn(shapes, tag) ? shapes[tag] : undefined;
    if (shape === undefined) {
      const expected = quoted(Object.keys(shapes));
      return refuseAt(
        path,
        `Input tag '${String(tag)}' found using 'type' does not match any of the expected tags: ${expected}`,
      );
    }
    shape(value, join(path, String(tag)));
  };
