// Proto-JSON as Google's front end reads it: every field is known by its camelCase and its snake_case name, an
// unknown one is an error that names it, and each error says where it is in snake_case. All are reported at once.
import { refuse } from './refuse.js';

export type Json = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field holds. A function stands for a message, so that messages can contain one another. */
export type Kind =
  | 'string'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'bytes'
  | 'any'
  | { readonly oneOf: readonly string[]; readonly type: string }
  | { readonly list: Kind }
  | { readonly map: Kind }
  | { readonly message: () => Message };

/** Fields by their camelCase names. */
export type Message = Readonly<Record<string, Kind>>;

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

interface Reading {
  readonly complaints: string[];
}

const COMPLAINTS_MAX = 20;

/** Reads a body as a message, all names in camelCase; throws every complaint at once. */
export const readMessage = (value: unknown, message: Message): Json => {
  const reading: Reading = { complaints: [] };
  if (!isObject(value)) return refuse('Invalid JSON payload received. Root element must be a message.');
  const read = readFields(value, message, { path: '', reading });
  if (reading.complaints.length > 0) refuse(reading.complaints.slice(0, COMPLAINTS_MAX).join('\n'));
  return read;
};

interface Place {
  readonly path: string;
  readonly reading: Reading;
}

const readFields = (value: Json, message: Message, { path, reading }: Place): Json => {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const known = Object.hasOwn(message, name) ? name : camel(name);
    const kind = Object.hasOwn(message, known) ? message[known] : undefined;
    if (kind === undefined) {
      reading.complaints.push(
        `Invalid JSON payload received. Unknown name "${name}"${path === '' ? '' : ` at '${path}'`}: Cannot find field.`,
      );
      continue;
    }
    const held = value[name];
    if (held === null || held === undefined) continue;
    fields[known] = readKind(held, kind, { path: path === '' ? snake(known) : `${path}.${snake(known)}`, reading });
  }
  return fields;
};

const readKind = (value: unknown, kind: Kind, place: Place): unknown => {
  if (typeof kind === 'string') return readScalar(value, kind, place);
  if ('oneOf' in kind) return readEnum(value, kind, place);
  if ('list' in kind) {
    // Proto-JSON of a repeated field takes a lone value for a list of one.
    const list = Array.isArray(value) ? value : [value];
    return list.map((entry: unknown, index) =>
      readKind(entry, kind.list, { ...place, path: `${place.path}[${index}]` }),
    );
  }
  if (!isObject(value)) return complain(value, 'message', place);
  if ('map' in kind)
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        readKind(entry, kind.map, { ...place, path: `${place.path}[${JSON.stringify(key).slice(1, -1)}].value` }),
      ]),
    );
  return readFields(value, kind.message(), place);
};

const complain = (value: unknown, type: string, { path, reading }: Place): undefined => {
  reading.complaints.push(`Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`);
  return undefined;
};

const SCALARS = {
  string: { type: 'TYPE_STRING', fits: (value: unknown) => typeof value === 'string' },
  number: { type: 'TYPE_FLOAT', fits: (value: unknown) => typeof value === 'number' || isNumeric(value) },
  integer: {
    type: 'TYPE_INT32',
    fits: (value: unknown) => Number.isInteger(typeof value === 'string' && isNumeric(value) ? Number(value) : value),
  },
  boolean: { type: 'TYPE_BOOL', fits: (value: unknown) => typeof value === 'boolean' },
  bytes: { type: 'TYPE_BYTES', fits: (value: unknown) => typeof value === 'string' && BASE64.test(value) },
  any: { type: 'google.protobuf.Value', fits: () => true },
} as const;

const isNumeric = (value: unknown): boolean =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
/** Either alphabet, with or without padding. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const readScalar = (value: unknown, kind: keyof typeof SCALARS, place: Place): unknown => {
  const { type, fits } = SCALARS[kind];
  if (!fits(value)) {
    const said =
      kind === 'bytes' && typeof value === 'string'
        ? `${type}), Base64 decoding failed for "${value.slice(0, 40)}"`
        : undefined;
    if (said === undefined) return complain(value, type, place);
    place.reading.complaints.push(`Invalid value at '${place.path}' (${said}`);
    return undefined;
  }
  return kind === 'number' || kind === 'integer' ? Number(value) : value;
};

const readEnum = (
  value: unknown,
  { oneOf, type }: { readonly oneOf: readonly string[]; readonly type: string },
  place: Place,
): unknown => {
  const word = typeof value === 'string' ? value.toUpperCase() : value;
  return typeof word === 'string' && oneOf.includes(word)
    ? word
    : complain(value, `type.googleapis.com/google.ai.generativelanguage.v1beta.${type}`, place);
};
