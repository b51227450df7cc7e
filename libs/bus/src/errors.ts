import { GatewayError, isErrorKind, isJsonObject, parseJson, tryParseJson } from '@bytespike/kernel';

/**
 * What a caller sees of anything thrown by a handler, on either path. A `GatewayError` was written for the caller; the
 * text of any other error was not, and may hold a query or a secret, so it stays behind as the cause. Details take
 * their JSON form, so that nobody relies on one that could not cross.
 */
export function normaliseError(thrown: unknown, subject: string): GatewayError {
  if (!(thrown instanceof GatewayError)) return new GatewayError('internal', `${subject} failed`, { cause: thrown });
  const { kind, message, retryAfterMs, details } = thrown;
  if (details === undefined) return thrown;
  const asJson = parseJson(stringify(details));
  return new GatewayError(kind, message, {
    cause: thrown,
    retryAfterMs,
    details: isJsonObject(asJson) ? asJson : undefined,
  });
}

/** The four things that cross: kind, message, retryAfterMs and details. Never the stack nor the cause. */
export function encodeError(error: GatewayError): string {
  const { kind, message, retryAfterMs, details } = error;
  return stringify({ kind, message, retryAfterMs, details });
}

/** Money in details is a decimal string, as everywhere on a wire. */
const stringify = (value: object): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));

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

/** As `unavailable`, of a call that has certainly reached nobody. */
export const undelivered = (subject: string, why: string): GatewayError =>
  new GatewayError('unavailable', `${subject}: ${why}`, { details: { delivered: false } });

/**
 * Whether a call that failed so can have done anything. It is known to have reached nobody only where nobody serves it, or
 * there was no way out of this process; every other silence leaves that open.
 */
export const mayHaveArrived = (error: unknown): boolean =>
  !(error instanceof GatewayError && error.kind === 'unavailable' && error.details?.['delivered'] === false);
