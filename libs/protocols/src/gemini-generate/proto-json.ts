import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

/** What a field of a message holds, as far as reading its names goes; `any` is a caller's own value, never looked into. */
export type Kind =
  'any' | 'number' | { readonly message: () => Message } | { readonly list: Kind } | { readonly map: Kind };

/** The fields of a message by their camelCase names. A function stands for a message, so that they may nest. */
export type Message = Readonly<Record<string, Kind>>;

export const one = (message: () => Message): Kind => ({ message });
export const list = (kind: Kind): Kind => ({ list: kind });
export const map = (kind: Kind): Kind => ({ map: kind });

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/**
 * Proto-JSON with every name that the message knows in camelCase: the wire accepts either spelling at every level
 * (protocols 1.4). Names that are not the protocol's (arguments, properties, labels) are left as their owner wrote them.
 */
export function readProto(value: unknown, message: Message): unknown {
  if (!isJsonObject(value)) return value;
  const read: Record<string, JsonValue | undefined> = {};
  for (const [name, held] of Object.entries(value)) {
    const known = nameIn(message, name);
    // A field that is null was not set.
    if (held === null || held === undefined) continue;
    if (known === undefined) put(read, name, held);
    else if (known === name || !Object.hasOwn(value, known)) read[known] = readKind(held, message[known] ?? 'any');
  }
  return read;
}

/** A plain assignment of `__proto__` would not make a member. */
const put = (target: object, name: string, value: JsonValue): void => {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};

function nameIn(message: Message, name: string): string | undefined {
  if (Object.hasOwn(message, name)) return name;
  const spelled = camel(name);
  return Object.hasOwn(message, spelled) ? spelled : undefined;
}

function readKind(value: JsonValue, kind: Kind): JsonValue {
  if (kind === 'any') return value;
  if (kind === 'number') return numberOf(value);
  // A lone value stands for a list of one.
  if ('list' in kind)
    return (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map((entry) =>
      readKind(entry, kind.list),
    );
  if ('message' in kind) return readProto(value, kind.message()) as JsonValue;
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, entry === undefined ? entry : readKind(entry, kind.map)]),
  ) as JsonObject;
}

/** Numbers may come as strings, as 64-bit ones always do. */
const numberOf = (value: JsonValue): JsonValue =>
  typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
