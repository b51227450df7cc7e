import { isJsonObject, type ErrorKind, type JsonValue } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import { mediaErrors, mediaFailure, type MediaErrors, type MediaFailure } from './media-errors.js';

const answers = mediaErrors('gemini-generate', {});

/** Operations name their failures by gRPC's numbers. */
const CODES: Readonly<Record<number, ErrorKind>> = {
  3: 'upstream-refused',
  7: 'upstream-credential',
  8: 'upstream-rate-limited',
  9: 'upstream-refused',
};

/** These wires say in words alone, under the code of any wrong argument, that a rule refused a prompt or a film. */
const BLOCKED = /responsible ai|safety|prohibited|usage guidelines|sensitive|violat/i;

const judged = (failure: MediaFailure): MediaFailure =>
  failure.kind === 'upstream-refused' && BLOCKED.test(failure.said)
    ? mediaFailure('upstream-blocked', failure.said)
    : failure;

/** An error's code is a number, or an address whose last word is its type. */
function ofBody(error: JsonValue | undefined): MediaFailure {
  const told = isJsonObject(error) ? error : {};
  const code = typeof told.code === 'string' ? told.code.slice(0, 200) : '';
  const said = typeof told.message === 'string' ? told.message.slice(0, 2_000) : code || 'the vendor told no reason';
  if (BLOCKED.test(code)) return mediaFailure('upstream-blocked', said);
  const kind = typeof told.code === 'number' ? CODES[told.code] : undefined;
  if (kind !== undefined) return judged(mediaFailure(kind, said));
  return code !== '' && BLOCKED.test(said) ? mediaFailure('upstream-blocked', said) : answers.ofBody(error);
}

/** Google's errors, which its three media wires share. */
export const googleErrors: MediaErrors = {
  ofAnswer: (answer: VendorAnswer) => judged(answers.ofAnswer(answer)),
  ofBody,
};
