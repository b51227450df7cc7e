import { isJsonObject, tryParseJson, type JsonObject, type JsonValue } from '@bytespike/kernel';

/** What can be read of an error object, in whichever of the vendors' shapes it came. */
export interface VendorErrorFields {
  /** Machine words, most telling first: an error's own code, its status word, its type. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly details: readonly JsonObject[];
}

const decoder = new TextDecoder('utf-8');
const MESSAGE_CHARACTERS_MAX = 2_000;

const word = (value: JsonValue | undefined): readonly string[] =>
  typeof value === 'string' && value !== '' ? [value] : typeof value === 'number' ? [String(value)] : [];

const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' ? value.slice(0, MESSAGE_CHARACTERS_MAX) : undefined;

/**
 * The error inside a parsed body, or undefined when it holds none. Known shapes: `{error: {...}}` of all four protocols,
 * `{error: "..."}`, a list of one such object (Gemini streams), Responses' flat `{type: "error"}` and its failed response,
 * and MiniMax's `base_resp` with a status code other than zero.
 */
export function readVendorError(body: JsonValue | undefined): VendorErrorFields | undefined {
  const root = Array.isArray(body) ? (body as readonly JsonValue[])[0] : body;
  if (!isJsonObject(root)) return undefined;
  const { error, base_resp: base } = root;
  if (isJsonObject(error)) return fields(error);
  if (typeof error === 'string' && error !== '')
    return { codes: word(root.code), message: text(error) ?? '', details: [] };
  if (isJsonObject(root.response) && isJsonObject(root.response.error)) return fields(root.response.error);
  if (root.type === 'error') return fields({ ...root, type: null });
  if (isJsonObject(base) && typeof base.status_code === 'number' && base.status_code !== 0)
    return { codes: word(base.status_code), message: text(base.status_msg) ?? '', details: [] };
  return undefined;
}

function fields(error: JsonObject): VendorErrorFields {
  const finer = isJsonObject(error.details) ? word(error.details.error_code) : [];
  const list = Array.isArray(error.details) ? (error.details as readonly JsonValue[]).filter(isJsonObject) : [];
  const reasons = list.flatMap(({ reason }) => word(reason));
  return {
    codes: [...finer, ...reasons, ...word(error.code), ...word(error.status), ...word(error.type)],
    message: text(error.message) ?? '',
    details: list,
  };
}

/** As `readVendorError`, from bytes; a body that is not JSON holds no error we could read. */
export const readVendorErrorBytes = (bytes: Uint8Array): VendorErrorFields | undefined =>
  readVendorError(tryParseJson(decoder.decode(bytes)));
