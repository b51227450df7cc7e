import { GatewayError, parseJson } from '@bytespike/kernel';
import { z } from 'zod';

import { wireForm } from './wire-form.js';

/** A contract's value as JSON text. Codecs go to their wire form here: money becomes a decimal string. */
export function encodeValue(schema: z.ZodType, value: unknown, what: string): string {
  const { leaving } = wireForm(schema);
  const encoded = leaving ? leaving.safeParse(value) : z.safeEncode(schema, value as never);
  if (!encoded.success) throw mismatch(what, encoded.error, 'internal');
  // `undefined` has no JSON; it travels as nothing at all.
  return encoded.data === undefined ? '' : JSON.stringify(encoded.data);
}

/** The value in JSON text, checked by the contract. The kind says whose fault a mismatch is. */
export function decodeValue(
  schema: z.ZodType,
  text: string,
  what: string,
  fault: 'invalid-request' | 'internal',
): unknown {
  return decodeJson(schema, text === '' ? undefined : parseJson(text), what, fault);
}

/** As `decodeValue`, for JSON that has been parsed. */
export function decodeJson(
  schema: z.ZodType,
  json: unknown,
  what: string,
  fault: 'invalid-request' | 'internal',
): unknown {
  const decoded = wireForm(schema).arriving.safeParse(json);
  if (!decoded.success) throw mismatch(what, decoded.error, fault);
  return decoded.data;
}

/** Names the paths and never the values, which may hold a prompt. */
function mismatch(what: string, error: z.ZodError, kind: 'invalid-request' | 'internal'): GatewayError {
  const paths = error.issues.slice(0, 5).map(({ path, code }) => `${path.join('.') || '(all)'} ${code}`);
  return new GatewayError(kind, `${what} does not match its contract: ${paths.join(', ')}`);
}

const decoder = new TextDecoder();
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
