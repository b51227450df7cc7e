import { GatewayError } from './errors.js';

export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/**
 * The one reader of JSON text. Throws `invalid-request`, never echoing the text, which may hold a prompt; the engine's
 * own error quotes it, so it is no cause.
 */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new GatewayError('invalid-request', 'The body is not valid JSON.');
  }
}

/** As `parseJson`, for text whose badness is an answer and not an error (a vendor's chunk, say). */
export function tryParseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object, and neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
