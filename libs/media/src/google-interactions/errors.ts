import { isJsonObject, type JsonValue } from '@bytespike/kernel';

import { mediaErrors, mediaFailure, type MediaErrors, type MediaFailure } from '../wire/media-errors.js';

const answers = mediaErrors('gemini-generate', {});

/** An error's code is an address whose last word is its type. */
const BLOCKED = /safety|prohibited|blocked|responsible ai|usage guidelines|violat/i;

function ofBody(error: JsonValue | undefined): MediaFailure {
  const told = isJsonObject(error) ? error : {};
  const code = typeof told.code === 'string' ? told.code.slice(0, 200) : '';
  const said = typeof told.message === 'string' ? told.message.slice(0, 2_000) : code || 'the vendor told no reason';
  return BLOCKED.test(code) || BLOCKED.test(said) ? mediaFailure('upstream-blocked', said) : answers.ofBody(error);
}

export const errors: MediaErrors = { ofAnswer: answers.ofAnswer, ofBody };
