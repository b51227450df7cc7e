import type { ErrorKind } from '@bytespike/kernel';

/** Clients wait literally, so a longer wait is not told at all (contract 0.3, clients 0.13). */
const RETRY_AFTER_MS_MAX = 60_000;
/** A 429 without a number is final for Codex and LangChain; this one stands in where nobody knows better. */
const RETRY_AFTER_DEFAULT_MS = 2_000;
/**
 * What we lack may be back at any moment: a circuit that has just been opened for a minute says nothing of other channels and
 * other processes. Who is told a minute sits it out (clients 0.13), so nobody is.
 */
const UNAVAILABLE_MS_MAX = 5_000;

/** Kinds whose answer carries a wait. */
const WAITING: ReadonlySet<ErrorKind> = new Set([
  'spend-window',
  'concurrency',
  'rate-limited',
  'upstream-rate-limited',
  'unavailable',
]);

/**
 * Kinds that no wait cures; clients that know the word stop at once. The official SDKs take every 409 for a lock that
 * will be free in a moment.
 */
const FINAL: ReadonlySet<ErrorKind> = new Set(['insufficient-credit', 'quota-exceeded', 'conflict', 'gone']);

/** Whole seconds to wait, at least one; undefined where no wait is told. */
export function retryAfterSeconds(kind: ErrorKind, retryAfterMs: number | undefined): number | undefined {
  if (!WAITING.has(kind)) return undefined;
  const told = retryAfterMs ?? RETRY_AFTER_DEFAULT_MS;
  const wait = kind === 'unavailable' ? Math.min(told, UNAVAILABLE_MS_MAX) : told;
  return wait > RETRY_AFTER_MS_MAX ? undefined : Math.max(1, Math.ceil(wait / 1_000));
}

/** The headers every dialect shares on a failure. A wait without end says of any kind that asking again is no use. */
export function retryHeaders(kind: ErrorKind, retryAfterMs: number | undefined): Readonly<Record<string, string>> {
  const seconds = retryAfterSeconds(kind, retryAfterMs);
  if (seconds !== undefined) return { 'retry-after': String(seconds) };
  return WAITING.has(kind) || FINAL.has(kind) || retryAfterMs === Infinity ? { 'x-should-retry': 'false' } : {};
}

/** A vendor's wish in `Retry-After` (seconds or a date) or `retry-after-ms`, as milliseconds from `receivedAt`. */
export function readRetryAfter(headers: Readonly<Record<string, string>>, receivedAt: number): number | undefined {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - receivedAt);
}
