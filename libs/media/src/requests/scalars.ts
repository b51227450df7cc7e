import { z } from 'zod';

import { MEDIA_LIMITS } from '../media-limits.js';

/** Forms and one SDK write numbers as strings; anything else stays what it is, for the schema to refuse. */
const written = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
const spoken = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value);

/** Half a character, and the one that no database keeps in its texts. */
const isText = (value: string): boolean => !value.includes('\0') && !/\p{Cs}/u.test(value);

/** What a client says, and what it calls things: kept as it came, so it must be something that can be kept. */
const Text = z.string().refine(isText, 'holds a NUL or half a surrogate pair, which is no text');

export const WholeNumber = z.preprocess(written, z.int('give a whole number'));
export const YesOrNo = z.preprocess(spoken, z.boolean('give true or false'));
export const Word = z.string().min(1).max(100);
export const Seed = z.preprocess(written, z.int('give a whole number').min(-1).max(2_147_483_647));

/** Its length is judged with the model's own limit: too long is a 413 and not a 400 (contract 6.2). */
export const Prompt = z.string('give a prompt').regex(/\S/, 'give a prompt').pipe(Text);
export const Aside = Text.min(1).max(MEDIA_LIMITS.promptCharactersMax);

/** What a client calls a task of its own. */
export const OutTaskId = Text.min(1).max(200);
