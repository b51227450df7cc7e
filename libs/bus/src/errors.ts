import { GatewayError, isErrorKind, isJsonObject, tryParseJson } from '@bytespike/kernel';

/**
 * What a caller sees of anything thrown by a handler. A `GatewayError` was written for the caller; the text of any
 * other error was not, and may hold a query or a secret, so it stays behind as the cause.
 */
export function normaliseError(thrown: unknown, subject: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal', `${subject} failed`, { cause: thrown });
}

/** The four things that cross: kind, message, retryAfterMs and details. Never the stack nor the cause. */
export function encodeError(error: GatewayError): string {
  const { kind, message, retryAfterMs, details } = error;
  return JSON.stringify({ kind, message, retryAfterMs, details });
}

export function decodeError(text: string, subject: string): GatewayError {
  const wire = tryParseJson(text);
  if (!isJsonObject(wire) || !isErrorKind(wire['kind']) || typeof wire['message'] !== 'string')
    return new GatewayError('internal', `${subject} answered with an error that cannot be read`);
  const { kind, message, retryAfterMs, details } = wire;
  return new GatewayError(kind, message, {
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
    details: isJsonObject(details) ? details : undefined,
  });
}

export const cancelled = (subject: string): GatewayError =>
  new GatewayError('cancelled', `${subject} was cancelled by its caller`);

export const unavailable = (subject: string, why: string): GatewayError =>
  new GatewayError('unavailable', `${subject}: ${why}`);
