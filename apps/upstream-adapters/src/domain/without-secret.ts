import type { AttemptEnd } from '../attempt/attempt-end.js';

/** The end of an attempt as others may know it: a vendor may repeat the credential in what it says of a failure. */
export function endWithoutSecret(end: AttemptEnd, secret: string): AttemptEnd {
  if (end.ended !== 'refused' && end.ended !== 'broken') return end;
  const failure = { ...end.failure, message: masked(end.failure.message, secret) };
  if (end.ended === 'broken' || end.answer === undefined) return { ...end, failure };
  return { ...end, failure, answer: { ...end.answer, body: bytesWithoutSecret(end.answer.body, secret) } };
}

/** Bytes without a credential. One is ASCII, so all others stay what they are. */
export function bytesWithoutSecret(bytes: Uint8Array, secret: string): Uint8Array {
  const held = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return held.includes(secret) ? Buffer.from(masked(held.toString('latin1'), secret), 'latin1') : bytes;
}

/** A vendor that wants none has an empty one, which stands between any two characters. */
const masked = (text: string, secret: string): string =>
  secret === '' ? text : text.replaceAll(secret, '[credential]');
