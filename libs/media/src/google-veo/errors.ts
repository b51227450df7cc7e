import { isJsonObject, type ErrorKind, type JsonValue } from '@bytespike/kernel';

import { mediaErrors, mediaFailure, type MediaErrors, type MediaFailure } from '../wire/media-errors.js';

const answers = mediaErrors('gemini-generate', {});

/** Operations name their failures by gRPC's numbers. */
const CODES: Readonly<Record<number, ErrorKind>> = {
  3: 'upstream-refused',
  7: 'upstream-credential',
  8: 'upstream-rate-limited',
  9: 'upstream-refused',
};

/** How the vendor says in words alone that its rules refused a film. */
const BLOCKED = /responsible ai|safety|usage guidelines|sensitive words|violat/i;

function ofBody(error: JsonValue | undefined): MediaFailure {
  const told = isJsonObject(error) ? error : {};
  const said = typeof told.message === 'string' ? told.message.slice(0, 2_000) : 'the vendor told no reason';
  const kind = typeof told.code === 'number' ? CODES[told.code] : undefined;
  if (BLOCKED.test(said) && (kind === undefined || kind === 'upstream-refused'))
    return mediaFailure('upstream-blocked', said);
  return kind === undefined ? answers.ofBody(error) : mediaFailure(kind, said);
}

export const errors: MediaErrors = { ofAnswer: answers.ofAnswer, ofBody };
