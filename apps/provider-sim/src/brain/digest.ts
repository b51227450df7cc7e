import { hash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 24;

/** Sixty-four hex digits that name a text. */
export const digest = (text: string): string => hash('sha256', text, 'hex');

/** Twenty-four base-62 characters that depend on the text alone: what ids are made of. */
export const idFrom = (text: string): string => {
  const bytes = hash('sha256', text, 'buffer');
  let id = '';
  for (let index = 0; index < ID_LENGTH; index += 1) id += ALPHABET.charAt((bytes[index] ?? 0) % ALPHABET.length);
  return id;
};
