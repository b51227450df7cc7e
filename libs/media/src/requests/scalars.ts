import { z } from 'zod';

import { MEDIA_LIMITS } from '../media-limits.js';

/** Forms and one SDK write numbers as strings; anything else stays what it is, for the schema to refuse. */
const written = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
const spoken = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value);

export const WholeNumber = z.preprocess(written, z.int());
export const YesOrNo = z.preprocess(spoken, z.boolean());
export const Word = z.string().min(1).max(100);
export const Seed = z.preprocess(written, z.int().min(-1).max(2_147_483_647));

/** Its length is judged with the model's own limit: too long is a 413 and not a 400 (contract 6.2). */
export const Prompt = z.string('give a prompt').regex(/\S/, 'give a prompt');
export const Aside = z.string().min(1).max(MEDIA_LIMITS.promptCharactersMax);
